"""The wall around the books, and who gives the numbers: the database, as the line is entered, in the deed's own transaction."""

from django.db import migrations

from bakhong.people.walls import disable, enable

TABLE = "dossiers_booknumber"

# The row of the year is held until the transaction ends: whoever comes next waits, and what is rolled back is given again.
CREATE = """
CREATE FUNCTION dossiers_give_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossiers_bookyear AS held (unit_id, book, year, first, last) VALUES (NEW.village_id, NEW.book, NEW.year, 1, 1)
    ON CONFLICT (unit_id, book, year) DO UPDATE SET last = held.last + 1
    RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_give_number BEFORE INSERT ON dossiers_booknumber FOR EACH ROW EXECUTE FUNCTION dossiers_give_number();

CREATE FUNCTION dossiers_book_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A book is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.unit_id, NEW.book, NEW.year) IS DISTINCT FROM (OLD.unit_id, OLD.book, OLD.year) THEN
        RAISE EXCEPTION 'A book stays what it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF pg_trigger_depth() > 1 THEN  -- a line is being entered
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.last >= OLD.first THEN
        RAISE EXCEPTION 'Numbers of this book were given already' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.last <> NEW.first - 1 THEN
        RAISE EXCEPTION 'A book begins before its first number' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossiers_book_year BEFORE INSERT OR UPDATE OR DELETE ON dossiers_bookyear
    FOR EACH ROW EXECUTE FUNCTION dossiers_book_year();

CREATE TRIGGER dossiers_keep BEFORE UPDATE OR DELETE ON dossiers_booknumber FOR EACH ROW EXECUTE FUNCTION dossiers_keep();
"""
DROP = """
DROP TRIGGER dossiers_keep ON dossiers_booknumber;
DROP TRIGGER dossiers_book_year ON dossiers_bookyear;
DROP FUNCTION dossiers_book_year();
DROP TRIGGER dossiers_give_number ON dossiers_booknumber;
DROP FUNCTION dossiers_give_number();
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0008_answers_once")]

    operations = [
        migrations.RunSQL(
            enable(TABLE, key="dossier_uuid", person="person_id"),
            disable(TABLE),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
