"""Forms, drafts and answers."""

from bakhong.eforms.models.drafts import Answer, Draft, KnownBy, OperatedBy, Origin, State
from bakhong.eforms.models.forms import Form, FormVersion

__all__ = ["Answer", "Draft", "Form", "FormVersion", "KnownBy", "OperatedBy", "Origin", "State"]
