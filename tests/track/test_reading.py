"""What is read for a gate is the same however it is looked up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rollout.model.record import LessonRecord
from rollout.model.site import Site
from rollout.track.reading import OpenLessons

SITES = {
    name: Site.model_validate({"id": name, "paths": (), "name": name, "country": country})
    for name, country in zip("abcdef", ("FR", "FR", "DE", "DE", "AT", "FR"), strict=True)
}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(SITES)),
            st.sampled_from([{}, {"country": "FR"}, {"country": "DE"}, {"id": "a"}, {"id": ["b", "c"]}, {"id": "zz"}]),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_open_lessons_of_a_site_are_those_that_mean_it_and_its_own(
    told: list[tuple[str, dict[str, object], bool]], blocking: bool
) -> None:
    lessons = [
        (
            learner,
            LessonRecord.model_validate(
                {"lesson": f"l{number}", "says": "Do", "affects": where, "on": "2027-03-01", "by": "C"}
                | ({"blocking": "true"} if hard else {})
                | {"index": number, "path": f"waves/v/records/{learner}.yaml"}
            ),
        )
        for number, (learner, where, hard) in enumerate(told)
    ]
    counted = OpenLessons(lessons)
    for site in [*SITES.values(), None, *SITES.values()]:
        wanted = [
            (learner, lesson)
            for learner, lesson in lessons
            if (lesson.blocking or not blocking)
            and (site is None or learner == site.id or lesson.affects.matches(site))
        ]
        found = counted.at(site, blocking=blocking)
        assert found.value == len(wanted)
        names = ", ".join(f"{lesson.lesson} of {learner}" for learner, lesson in wanted[:5])
        more = f" and {len(wanted) - 5} more" if len(wanted) > 5 else ""
        assert found.said == ((names + more) if wanted else "no lesson")
        assert (found.source is None) == (not wanted)
        if wanted:
            assert found.source == wanted[0][1].place
