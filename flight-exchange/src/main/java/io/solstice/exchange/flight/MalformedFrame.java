package io.solstice.exchange.flight;

import java.io.IOException;

/** A message that is not what was sent, or that no sender would send. */
final class MalformedFrame extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedFrame(String found) {
        super(found);
    }
}
