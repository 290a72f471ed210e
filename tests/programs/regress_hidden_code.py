"""Operations on str and bool that run Python code: codecs, error handlers, warnings. It looks at the frame."""
import codecs, sys
found = []
def search(name):
    if name != 'look':
        return None
    def encode(s, errors='strict'):
        f = sys._getframe(1)
        found.append((f.f_lineno, f.f_locals.get('i'), f.f_locals.get('x')))
        return (b'?', len(s))
    return codecs.CodecInfo(encode, encode, name='look')
codecs.register(search)
def handler(e):
    f = sys._getframe(1)
    found.append((f.f_lineno, f.f_locals.get('i'), f.f_locals.get('x')))
    return ('!', e.end)
codecs.register_error('peek', handler)
def f():
    n = 0
    for i in range(20):
        x = i + 0.5

        n += len('abc'.encode('look'))
    return n
def g():
    n = 0
    for i in range(20):
        x = i + 0.5
        n += len('ab\xe9c'.encode('ascii', 'peek'))
        n += len(b'ab\xe9c'.decode('ascii', 'peek'))
    return n
print(f(), found)
found.clear()
print(g(), found)

import warnings, sys
seen = []
def show(message, category, filename, lineno, file=None, line=None):
    f = sys._getframe(1)
    while f.f_code.co_name != 'f': f = f.f_back
    seen.append((lineno, f.f_lineno, f.f_locals['i'], f.f_locals['x']))
warnings.showwarning = show
warnings.simplefilter('always')
def f(b):
    s = 0
    for i in range(20):
        x = i * 2
        s += x

        s += ~b
    return s
print(f(True))
print(seen, len(seen))
