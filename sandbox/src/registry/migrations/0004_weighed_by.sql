-- What the votes of a proposal weigh by, and weights in thousandths of a veToken.
ALTER TABLE proposals ADD COLUMN weighed_by text NOT NULL DEFAULT 'enrolment'
  CHECK (weighed_by IN ('ve', 'enrolment'));
ALTER TABLE electors ALTER COLUMN weight TYPE bigint;
