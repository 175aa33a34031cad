from bakhong.documents.models.files import File, Purpose
from bakhong.documents.models.signing import JobState, SigningJob, SigningLine, SigningMethod

__all__ = ["File", "JobState", "Purpose", "SigningJob", "SigningLine", "SigningMethod"]
