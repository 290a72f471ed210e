"""SQLAlchemy's ORM without its C extensions, on SQLite in memory: statements compiled, identity map, unit of work, loading strategies."""
import os

os.environ["DISABLE_SQLALCHEMY_CEXT_RUNTIME"] = "1"

from sqlalchemy import ForeignKey, create_engine, func, or_, select  # noqa: E402
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload  # noqa: E402


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    members: Mapped[list["Person"]] = relationship(back_populates="team", order_by="Person.id")


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    points: Mapped[float]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship(back_populates="members")


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
total = 0
with Session(engine) as session:
    for t in range(20):
        session.add(Team(name=f"team {t}", members=[Person(name=f"p{t}.{k}", points=k * 1.5) for k in range(t % 9 + 3)]))
    session.commit()
for n in range(300):
    with Session(engine) as session:
        for team in session.scalars(select(Team).options(selectinload(Team.members)).where(Team.id > n % 7)):
            total += sum(len(p.name) for p in team.members)
        for person in session.scalars(select(Person).options(joinedload(Person.team)).where(or_(Person.points > n % 5, Person.name.like("%3"))).order_by(Person.points.desc(), Person.id).limit(40)):
            person.points += 0.5
            total += len(person.team.name)
        rows = session.execute(select(Team.name, func.count(Person.id), func.max(Person.points)).join(Team.members).group_by(Team.name).having(func.count(Person.id) > n % 6))
        total += sum(count for _, count, _ in rows)
        session.commit()
with Session(engine) as session:
    print(total, session.scalar(select(func.sum(Person.points))))
