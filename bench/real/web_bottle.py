"""bottle: routing, requests and its template engine, called as WSGI."""
import hashlib
import io

import bottle

app = bottle.Bottle()
LIST = bottle.SimpleTemplate("""% for n, row in enumerate(rows):
%   if n % 2:
<tr class="odd"><td>{{row['name']}}</td>
%   else:
<tr><td>{{!row['name']}}</td>
%   end
<td>{{n}}: {{row['price'] * 2}}</td></tr>
% end
""")
rows = [{"name": f"<b>{i}</b>", "price": i * 0.5} for i in range(40)]


@app.get("/list/<first:int>")
def listing(first):
    return LIST.render(rows=rows[first % 20:])


@app.post("/form")
def form():
    bottle.response.set_cookie("a", "b" + request_value("x"))
    return {"x": request_value("x"), "all": sorted(bottle.request.forms.items())}


def request_value(key):
    return bottle.request.forms.get(key, "")


@app.get("/name/<name:re:[a-z]+>/<rest:path>")
def name(name, rest):
    return f"{name} {rest} {dict(bottle.request.query)}"


def call(method, path, query="", body=b""):
    out = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "x", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.input": io.BytesIO(body),
               "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http"}
    data = b"".join(app(environ, lambda status, headers, exc=None: out.append((status, sorted(headers)))))
    return repr(out).encode() + data


digest = hashlib.sha256()
for n in range(7000):
    digest.update(call("GET", f"/list/{n}"))
    digest.update(call("POST", "/form", body=f"x={n}&y=a%20b&z=".encode()))
    digest.update(call("GET", f"/name/abc/d/{n}", query=f"p={n}&q=%C3%A9"))
    digest.update(call("GET", f"/none/{n % 3}"))
print(digest.hexdigest())
