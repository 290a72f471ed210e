"""flask and werkzeug: an application with routes, converters, templates, JSON, sessions and errors, called by its test client."""
import hashlib
import logging

from flask import Flask, Response, abort, g, jsonify, render_template_string, request, session, url_for

app = Flask("shop")
app.secret_key = "not a secret"
items = {i: {"id": i, "name": f"item {i}", "price": i * 1.5} for i in range(40)}


@app.before_request
def count():
    g.seen = session["seen"] = session.get("seen", 0) + 1


@app.get("/")
def index():
    return render_template_string("<ul>{% for i in items %}<li><a href='{{ url_for('item', number=i.id) }}'>{{ i.name }}</a>{% endfor %}</ul>{{ g.seen }}", items=list(items.values())[:8])


@app.route("/item/<int:number>", methods=["GET", "POST"])
def item(number):
    if number not in items:
        abort(404)
    if request.method == "POST":
        items[number]["price"] = float(request.form["price"])
    return jsonify(items[number]) if number % 2 else jsonify(link=url_for("item", number=number))


@app.get("/search/<path:where>")
def search(where):
    found = [i for i in items.values() if request.args.get("q", "") in i["name"]]
    return Response(f"{where} {len(found)} {request.args.getlist('f')} {request.accept_mimetypes.best}", mimetype="text/plain", headers={"X-Found": str(len(found))})


@app.errorhandler(404)
def missing(error):
    return f"no such thing: {error.description}", 404


logging.disable()
digest = hashlib.sha256()
client = app.test_client()
for n in range(380):
    for response in (client.get("/"), client.get(f"/item/{n % 45}"), client.post(f"/item/{n % 40}", data={"price": n}),
                     client.get(f"/search/a/b{n}?q={n % 10}&f=1&f=2", headers={"Accept": "text/html;q=0.5, text/plain"}), client.get("/none")):
        digest.update(f"{response.status} {response.headers.get('X-Found')} {response.content_type}".encode() + response.data)
print(digest.hexdigest())
