"""peewee: models, queries built from expressions, rows made into objects, on SQLite in memory."""
import peewee as pw

database = pw.SqliteDatabase(":memory:")


class Base(pw.Model):
    class Meta:
        database = database


class User(Base):
    name = pw.CharField(unique=True)
    age = pw.IntegerField()


class Post(Base):
    author = pw.ForeignKeyField(User, backref="posts")
    title = pw.CharField()
    score = pw.FloatField(default=0)


database.create_tables([User, Post])
with database.atomic():
    for n in range(60):
        user = User.create(name=f"user {n}", age=n * 7 % 50)
        for k in range(n % 7):
            Post.create(author=user, title=f"post {n} {k}", score=n * k / 4)
total = 0
for n in range(1250):
    query = (Post.select(Post, User).join(User).where((User.age > n % 40) & ((Post.score < 50) | Post.title.contains("3"))).order_by(Post.score.desc(), Post.id).limit(40))
    total += sum(len(p.title) + p.author.age for p in query)
    top = User.select(User.name, pw.fn.COUNT(Post.id).alias("n")).join(Post, pw.JOIN.LEFT_OUTER).group_by(User.name).having(pw.fn.COUNT(Post.id) > n % 5).dicts()
    total += sum(row["n"] for row in top)
    User.update(age=User.age + 1).where(User.id == n % 60 + 1).execute()
    total += len(User.get(User.id == n % 60 + 1).posts)
print(total, User.select(pw.fn.SUM(User.age)).scalar())
