package io.solstice.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * A block of lines at the bottom of a terminal that is redrawn in place, and a stream whose lines appear above it. The
 * progress thread redraws while any thread may log, so this is a hand-over point with a lock.
 */
final class LiveScreen {
    private static final String UP_AND_CLEAR = "\u001b[%dA\r\u001b[J";

    private final PrintStream terminal;
    private int drawnLines;

    LiveScreen(PrintStream terminal) {
        this.terminal = terminal;
    }

    /** Puts these lines in place of the ones before. */
    synchronized void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(clear());
        lines.forEach(line -> text.append(line).append('\n'));
        terminal.print(text);
        terminal.flush();
        drawnLines = lines.size();
    }

    /** Takes the block away. */
    synchronized void erase() {
        terminal.print(clear());
        terminal.flush();
    }

    private String clear() {
        String text = drawnLines == 0 ? "" : UP_AND_CLEAR.formatted(drawnLines);
        drawnLines = 0;
        return text;
    }

    private synchronized void write(byte[] bytes, int from, int length) {
        terminal.print(clear());
        terminal.write(bytes, from, length);
        terminal.flush();
    }

    /** Writes above the block. */
    OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int value) {
                LiveScreen.this.write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                LiveScreen.this.write(bytes, from, length);
            }
        };
    }
}
