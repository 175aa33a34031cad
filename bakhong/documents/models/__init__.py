from bakhong.documents.models.files import File, Purpose
from bakhong.documents.models.seals import Seal
from bakhong.documents.models.signing import AGENCY, JobState, SigningJob, SigningLine, SigningMethod

__all__ = ["AGENCY", "File", "JobState", "Purpose", "Seal", "SigningJob", "SigningLine", "SigningMethod"]
