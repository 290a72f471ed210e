"""sqlparse: statements split, reformatted, their identifiers listed. A lexer that tries 40 compiled patterns at every place."""
import hashlib

import sqlparse
from sqlparse.sql import Identifier

STATEMENTS = """
SELECT u.id, u.name AS user_name, count(DISTINCT o.id) orders, sum(o.price * o.amount) FROM users u LEFT JOIN orders o ON o.user_id = u.id
WHERE u.created >= '{year}-01-01' AND (o.state IN ('paid', 'sent') OR o.state IS NULL) GROUP BY u.id, u.name HAVING count(o.id) > {n} ORDER BY 3 DESC LIMIT 10;
insert into log (at, level, text) values (now(), {n}, 'it''s {year}'), (now(), 2, "x"); -- a comment
UPDATE users SET name = CASE WHEN name LIKE 'A%' THEN upper(name) ELSE lower(name) END, seen = seen + 1 WHERE id BETWEEN {n} AND {year};
with t as (select a, b from (select * from c where d > {n}) x) select t.a, row_number() over (partition by t.b order by t.a) from t /* all */ union all select 1, 2;
create table if not exists t{n} (id integer primary key, name varchar(40) not null default 'x', price decimal(10, 2));
"""


def identifiers(token):
    if isinstance(token, Identifier):
        yield token.get_real_name()
    for child in getattr(token, "tokens", ()):
        yield from identifiers(child)


digest, names = hashlib.sha256(), 0
for n in range(75):
    text = STATEMENTS.format(n=n, year=2000 + n)
    digest.update(sqlparse.format(text, reindent=True, keyword_case="upper", strip_comments=n % 2 == 0).encode())
    names += sum(len(name or "") for statement in sqlparse.parse(text) for name in identifiers(statement))
print(names, digest.hexdigest())
