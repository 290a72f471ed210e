"""mako: templates with defs, inheritance and filters: compiled to Python modules, rendered many times."""
import hashlib

from mako.lookup import TemplateLookup

lookup = TemplateLookup()
lookup.put_string("base.html", "<html><h1>${self.title()}</h1>${self.body()}<%def name='title()'>none</%def></html>")
lookup.put_string("page.html", """<%inherit file="base.html"/><%def name="title()">${name | h}</%def><%!
def money(x): return '%.2f' % x
%><%def name="cell(row, key)"><td class="${key}">${row[key] | h,trim}</td></%def>
% for i, row in enumerate(rows):
<% total = row['price'] * row['amount'] %>
<tr>${cell(row, 'name')}${cell(row, 'note')}<td>${i}${money(total)}
% if total > 500:
<b>${total}</b>
% elif i % 3 == 0:
<i>${'; '.join(str(k) for k in range(i % 7))}</i>
% endif
% for tag in row['tags']:
${tag.upper()}${'' if loop.last else ','}
% endfor
</tr>
% endfor
""")
rows = [{"name": f"<row {i}>", "note": f" note & {i} ", "price": i * 1.25, "amount": i * 7 % 31, "tags": ["a", "b", "c"][:i % 4]} for i in range(90)]
digest = hashlib.sha256()
page = lookup.get_template("page.html")
for k in range(2000):
    digest.update(page.render(name=f"page {k}", rows=rows[k % 40:]).encode())
print(digest.hexdigest())
