"""django: its template language (interpreted nodes) and its ORM on SQLite in memory."""
import hashlib

import django
from django.apps import AppConfig
from django.conf import settings


class Shop(AppConfig):
    name, label, path = "__main__", "shop", "."


settings.configure(INSTALLED_APPS=["__main__.Shop"], DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
                   TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}], DEFAULT_AUTO_FIELD="django.db.models.AutoField", USE_TZ=True)
django.setup()

from django.db import connection, models  # noqa: E402
from django.template import Context, Template  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "shop"


class Book(models.Model):
    title = models.CharField(max_length=80)
    pages = models.IntegerField()
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")

    class Meta:
        app_label = "shop"
        ordering = ["title"]


with connection.schema_editor() as editor:
    editor.create_model(Author)
    editor.create_model(Book)
authors = Author.objects.bulk_create(Author(name=f"Author {i}") for i in range(12))
Book.objects.bulk_create(Book(title=f"Book {i * 7 % 50}", pages=i * 13 % 400, author=authors[i % 12]) for i in range(150))
TEMPLATE = Template("{% for b in books %}{% if forloop.counter|divisibleby:2 %}<i>{{ b.title|upper }}</i>{% else %}{{ b.title }}{% endif %} {{ b.author.name|slugify }} "
                    "{{ b.pages|add:5 }}{% for w in words %}{% cycle 'a' 'b' %}{{ w|truncatechars:4 }}{% endfor %}{% with p=b.pages %}{{ p|default:'-' }}{% endwith %}\n{% empty %}none{% endfor %}")
digest = hashlib.sha256()
for k in range(380):
    books = Book.objects.filter(pages__gt=k * 10, author__name__contains="1").select_related("author").exclude(title__startswith="Book 4")
    digest.update(TEMPLATE.render(Context({"books": books, "words": ["one", "three & four", "seven"]})).encode())
    counts = Author.objects.annotate(n=models.Count("books"), most=models.Max("books__pages")).order_by("-n", "name")
    digest.update(repr([(a.name, a.n, a.most) for a in counts]).encode())
    for book in Book.objects.filter(pages__lt=60 + k)[:10]:
        book.pages += 1
        book.save()
print(Book.objects.aggregate(models.Sum("pages")), digest.hexdigest())
