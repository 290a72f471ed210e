"""python -m copypatch [options] script.py | -m module | -c code  [arguments]"""

from copypatch._cli import main

if __name__ == "__main__":
    main()
