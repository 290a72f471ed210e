"""html5lib: broken HTML by the standard's tokenizer and tree builder, walked and serialized again; and BeautifulSoup on top of the standard library's parser."""
import hashlib

import html5lib
from bs4 import BeautifulSoup

PART = """<div class="a b" id=x{n}><p>text &amp; more &eacute; &#233; <b>bold <i>both</b> italic</i>
<ul><li>one<li>two<ul><li>inner {n}</ul></ul><table><tr><td>a<td>b {n}<tr><th colspan=2>c</table><!-- comment {n} -->
<a href="/p?q={n}&amp;r=1">link</a><br/><img src=i{n}.png alt='x'><script>if (a < b && c) {{ f("</div>"); }}</script><form><select><option selected>1<option>2</select></form>"""
text = "<!doctype html><title>x</title>" + "".join(PART.format(n=n) for n in range(680))
tree = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
walker = html5lib.getTreeWalker("etree")
out = html5lib.serializer.HTMLSerializer(quote_attr_values="always", omit_optional_tags=False).render(walker(tree))
print(len(out), len(list(tree.iter())), hashlib.sha256(out.encode()).hexdigest())
soup = BeautifulSoup(text, "html.parser")
print(len(soup.find_all("li")), [a["href"] for a in soup.select("div.a a[href]")][:3], hashlib.sha256(soup.prettify().encode()).hexdigest())
