package io.solstice.connector.files;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;

/** Leaves out the mark that some editors put in front of UTF-8 text. */
final class ByteOrderMarkSkipper extends PushbackReader {
    ByteOrderMarkSkipper(Reader text) throws IOException {
        super(text, 1);
        int first = read();
        if (first >= 0 && first != '\uFEFF') {
            unread(first);
        }
    }
}
