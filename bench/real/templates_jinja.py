"""jinja2: templates with inheritance, macros and filters: compiled to Python, then rendered many times."""
import hashlib

from jinja2 import DictLoader, Environment

TEMPLATES = {
    "base": "<html><title>{% block title %}{% endblock %}</title>{% from 'macros' import field %}<ul>{% for m in menu %}<li{% if loop.first %} class=f{% endif %}>{{ m|upper }}</li>"
            "{% endfor %}</ul>{% block body %}{% endblock %}</html>",
    "macros": "{% macro field(name, value='', size=20) %}<input name={{ name|e }} value=\"{{ value|e }}\" size={{ size }}>{% endmacro %}",
    "page": "{% extends 'base' %}{% from 'macros' import field %}{% block title %}{{ title|title }}{% endblock %}{% block body %}<table>{% for row in rows if row.id % 5 %}"
            "<tr class={{ loop.cycle('odd', 'even') }}><td>{{ loop.index }}<td>{{ row.name|e }}<td>{{ '%.2f'|format(row.price) }}"
            "{% for t in row.tags %}<b>{{ t }}</b>{% if not loop.last %}, {% endif %}{% else %}-{% endfor %}{{ field(row.name, row.id, size=loop.index0) }}"
            "{% set total = row.price * row.id %}{{ total|round(1) }}{% if row.id > 20 and row.price < 50 %}cheap{% elif row.id is odd %}odd{% else %}{{ row.note|default('none') }}{% endif %}"
            "</tr>{% endfor %}</table>{{ rows|map(attribute='name')|join(', ')|truncate(60) }}{% endblock %}",
}
digest = hashlib.sha256()
for n in range(8):
    environment = Environment(loader=DictLoader(TEMPLATES), autoescape=True, trim_blocks=n % 2 == 0)
    rows = [{"id": i, "name": f"<name {i}>", "price": i * 7 % 83 + 0.25, "tags": [f"t{k}" for k in range(i % 4)]} for i in range(60)]
    page = environment.get_template("page")
    for k in range(240):
        digest.update(page.render(title=f"page {k}", menu=["home", "list", "about"], rows=rows[k % 50:]).encode())
print(digest.hexdigest())
