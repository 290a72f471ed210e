"""rdflib: Turtle parsed, a graph filled, SPARQL queries, serialized. Generators within generators, interned terms."""
import hashlib

from rdflib import Graph, Literal, Namespace
from rdflib.namespace import FOAF, RDF

EX = Namespace("https://example.org/")
graph = Graph()
graph.parse(data="@prefix ex: <https://example.org/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n" + "".join(
    f'ex:p{n} a foaf:Person ; foaf:name "Person {n}" ; foaf:age {n * 7 % 60} ; foaf:knows ex:p{n * 3 % 80}, ex:p{n * 5 % 80} .\n' for n in range(80)), format="turtle")
for n in range(2800):
    graph.add((EX[f"d{n}"], RDF.type, EX.Document))
    graph.add((EX[f"d{n}"], EX.writtenBy, EX[f"p{n % 80}"]))
    graph.add((EX[f"d{n}"], EX.size, Literal(n)))
QUERIES = [
    "SELECT ?name (COUNT(?d) AS ?n) WHERE { ?p foaf:name ?name . ?d ex:writtenBy ?p . FILTER(?n0 < 50) ?p foaf:age ?n0 } GROUP BY ?name ORDER BY ?name",
    "SELECT ?a ?b WHERE { ?a foaf:knows ?b . ?b foaf:knows ?c . ?c foaf:age ?x . FILTER(?x > 40 && regex(str(?a), 'p1')) } ORDER BY ?a ?b",
    "SELECT ?d ?s WHERE { ?d a ex:Document ; ex:size ?s . OPTIONAL { ?d ex:writtenBy ?p . ?p foaf:age 7 } } ORDER BY DESC(?s) LIMIT 20",
]
for query in QUERIES * 2:
    rows = [tuple(map(str, row)) for row in graph.query(query, initNs={"ex": EX, "foaf": FOAF})]
    print(len(rows), rows[:2])
text = "\n".join(sorted(graph.serialize(format="nt").splitlines()))
print(len(graph), hashlib.sha256(text.encode()).hexdigest(), len(graph.serialize(format="turtle")))
