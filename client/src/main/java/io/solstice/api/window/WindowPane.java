package io.solstice.api.window;

import io.solstice.api.row.Row;

/**
 * One time that a window of a key is given out.
 *
 * @param key the values of the columns of the key, by their names
 * @param index from 0, of the times that the key has been given out for this window
 * @param late whether the window had been complete before
 */
public record WindowPane(Row key, TimeWindow window, int index, boolean late) {}
