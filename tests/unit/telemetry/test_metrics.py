import re
from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families

from badge.errors import BlueHeartError
from badge.telemetry import Counter, Gauge, Histogram, Metrics, Tallies

ROUTES = ["/{kind}/{file}", "/healthz"]


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    text, media_type = metrics.write("", {"data": True, "cache": False})
    assert media_type.startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_numbers_are_summed_over_workers() -> None:
    tallies = Tallies(workers=2)
    first, second = (Metrics(tallies.row(worker), ROUTES, ["svg"]) for worker in (0, 1))
    for metrics in (first, first, second):
        metrics.requests.add("/healthz", "200")
        metrics.render_seconds.observe(0.003, "svg")
    first.render_queue.set(2)
    second.render_queue.set(3)
    told = samples(second)
    assert told == samples(first)
    assert told["blueheart_requests_total", "route=/healthz", "status=200"] == 3
    assert told["blueheart_render_seconds_count", "format=svg"] == 3
    assert told["blueheart_render_queue",] == 5
    assert (told["blueheart_store_up", "store=data"], told["blueheart_store_up", "store=cache"]) == (1, 0)


def test_a_replaced_worker_keeps_its_counters_and_begins_its_gauges_anew() -> None:
    tallies = Tallies()
    first = Metrics(tallies.row(), ROUTES, ["svg"])
    first.render_refusals.add()
    first.render_queue.set(7)
    told = samples(Metrics(tallies.row(), ROUTES, ["svg"]))
    assert (told["blueheart_render_refusals_total",], told["blueheart_render_queue",]) == (1, 0)


def test_what_a_stranger_sends_never_makes_a_new_series() -> None:
    metrics = Metrics(Tallies().row(), ROUTES, ["svg"])
    for n in range(1000):
        metrics.requests.add(f"/{n}", str(1000 + n))
        metrics.request_seconds.observe(0.1, f"/{n}")
    told = samples(metrics)
    assert told["blueheart_requests_total", "route=other", "status=other"] == 1000
    assert told["blueheart_request_seconds_count", "route=other"] == 1000
    assert len([key for key in told if key[0] == "blueheart_requests_total"]) == 1


def test_every_error_that_we_answer_has_its_status_in_the_numbers() -> None:
    metrics = Metrics(Tallies().row(), ROUTES, ["svg"])
    statuses = {error.status for error in every(BlueHeartError)}
    assert {401, 429, 503} < statuses
    for status in statuses:
        metrics.requests.add("/healthz", str(status))
    assert not [key for key in samples(metrics) if "status=other" in key]


def every(kind: type[BlueHeartError]) -> Iterator[type[BlueHeartError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from every(narrower)


def test_rare_failures_are_told_before_the_first_one() -> None:
    told = samples(Metrics(Tallies().row(), ROUTES, ["svg"]))
    for store in ("data", "cache"):
        assert told["blueheart_store_errors_total", f"store={store}"] == 0
    assert told["blueheart_cache_lookups_total", "result=hit", "tier=store"] == 0


def test_where_a_picture_was_found_says_which_caches_missed_it() -> None:
    metrics = Metrics(Tallies().row(), ROUTES, ["svg"])
    for source in ("memory", "memory", "redis", "render"):
        metrics.answers("/healthz", 200, source).add(0.001, 10)
    told = samples(metrics)
    by = {
        f"{tier} {result}": told["blueheart_cache_lookups_total", f"result={result}", f"tier={tier}"]
        for tier in ("memory", "store")
        for result in ("hit", "miss")
    }
    assert by == {"memory hit": 2, "memory miss": 2, "store hit": 1, "store miss": 1}


def test_a_histogram_counts_a_bound_itself_into_its_bucket() -> None:
    histogram = Histogram(Tallies().row(), "took_seconds", "How long.", (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(value)
    told = {(s.name, s.labels.get("le")): s.value for s in histogram.collect().samples}
    assert told == {
        ("took_seconds_bucket", "0.1"): 2,
        ("took_seconds_bucket", "1.0"): 3,
        ("took_seconds_bucket", "+Inf"): 4,
        ("took_seconds_count", None): 4,
        ("took_seconds_sum", None): 7.65,
    }


def test_families_do_not_share_places() -> None:
    row = Tallies().row()
    counter = Counter(row, "a_total", "A.", {"of": ("x", "y")})
    gauge, other = Gauge(row, "b", "B."), Counter(row, "c_total", "C.")
    counter.add("y")
    gauge.set(5)
    other.add(amount=3)
    assert [s.value for family in (counter, gauge, other) for s in family.collect().samples] == [0, 1, 5, 3]


def test_openmetrics_is_spoken_to_who_asks_for_it() -> None:
    metrics = Metrics(Tallies().row(), ROUTES, ["svg"])
    text, media_type = metrics.write("application/openmetrics-text; version=1.0.0", {})
    assert media_type.startswith("application/openmetrics-text; version=1.0.0")
    assert text.endswith(b"# EOF\n")


def test_every_family_is_ours_by_name_and_explained() -> None:
    text, _ = Metrics(Tallies().row(), ROUTES, ["svg"]).write("", {})
    told = re.findall(r"^# HELP (\S+) (.+)$", text.decode(), re.MULTILINE)
    assert len(told) >= 14
    assert all(name.startswith("blueheart_") and help_.endswith(".") for name, help_ in told)
