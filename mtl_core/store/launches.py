"""Launches: runs that were started together with one click or command."""

from __future__ import annotations

from sqlite_utils import Database

from mtl_core.store.runs import IS_EXAMPLE


def of_several(db: Database, limit: int) -> list[str]:
    """The newest launches of more than one run; the example's is its study."""
    where = f"WHERE NOT {IS_EXAMPLE} GROUP BY launch HAVING count(*) > 1"
    sql = f"SELECT launch FROM runs {where} ORDER BY max(created) DESC LIMIT ?"
    return [str(launch) for (launch,) in db.execute(sql, [limit]).fetchall()]
