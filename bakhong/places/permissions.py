"""What changing places needs. Which role holds it is decided above (accounts)."""

MANAGE_VILLAGES = "places.manage_villages"
SET_GROUP = "places.set_group"
SET_CONTACT = "places.set_contact"
RECORD_CHANGE = "places.record_change"
