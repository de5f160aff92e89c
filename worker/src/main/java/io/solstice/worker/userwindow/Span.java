package io.solstice.worker.userwindow;

/** From a start to an end that is not part of it, in microseconds since 1970-01-01 UTC. */
record Span(long start, long end) {
    boolean overlaps(OpenWindow window) {
        return start < window.end() && window.start() < end;
    }

    Span with(OpenWindow window) {
        return new Span(Math.min(start, window.start()), Math.max(end, window.end()));
    }
}
