"""What the index for searching by words is asked (SQLite, with FTS5)."""

BY_WORDS = """
WITH named AS (
    SELECT thing, MAX(
        CASE
            WHEN folded = :folded THEN 4 - level
            WHEN level = 0 AND folded >= :folded AND folded < :after THEN 2
            ELSE 1
        END + LENGTH(:folded) / (LENGTH(folded) + 1.0)
    ) AS score
    FROM passage JOIN literal ON literal.id = passage.rowid WHERE passage MATCH :named GROUP BY thing
), matching AS (
    SELECT rowid AS thing, -bm25(entry, 10, 8, 3, 1) AS weight FROM entry WHERE entry MATCH :words
), found AS (
    SELECT matching.thing, COALESCE(score, weight / (1 + weight)) AS score
    FROM matching LEFT JOIN named ON named.thing = matching.thing
)
"""
"""First what has the words as its label, then as another name, then at the start of its label, then in a name, the
shorter the better; then what has them in all its texts together."""

BY_SOME_WORDS = """
WITH named AS (
    SELECT DISTINCT thing FROM literal WHERE folded IN (SELECT value FROM json_each(:each))
), matching AS (
    SELECT rowid AS thing, -bm25(entry, 10, 8, 3, 1) AS weight FROM entry WHERE entry MATCH :any
), found AS (
    SELECT matching.thing, (named.thing IS NOT NULL) + weight / (1 + weight) AS score
    FROM matching LEFT JOIN named ON named.thing = matching.thing
)
"""
"""First what one of the words is a name of, then what has more of the words, and rarer ones."""

BY_NAME = """
WITH found AS (
    SELECT thing, 4.0 - MIN(level) AS score FROM literal WHERE folded = :folded AND text = :text GROUP BY thing
)
"""

COUNTS = "SELECT kind, COUNT(*) FROM found JOIN thing ON thing.id = found.thing GROUP BY kind ORDER BY 2 DESC, 1"

HITS = """
SELECT iri, kind, first, last, score FROM found JOIN thing ON thing.id = found.thing
WHERE :kind IS NULL OR kind = :kind
ORDER BY score DESC, iri LIMIT :count OFFSET :start
"""

NAMES = "SELECT property, text, language FROM literal WHERE id BETWEEN ? AND ? AND (level = 0 OR property = ?)"

PASSAGES = """
SELECT property, text, language FROM passage JOIN literal ON literal.id = passage.rowid
WHERE passage MATCH :any AND passage.rowid BETWEEN :first AND :last ORDER BY rank, id LIMIT 50
"""

SAME_NAMES = """
SELECT property, text, language FROM literal
WHERE id BETWEEN :first AND :last AND folded = :folded AND text = :text ORDER BY id
"""

SPELLED_ALIKE = """
SELECT thing, literal.folded, text, language FROM spelling JOIN literal ON literal.id = spelling.rowid
WHERE spelling MATCH ? ORDER BY rank, id LIMIT ?
"""
