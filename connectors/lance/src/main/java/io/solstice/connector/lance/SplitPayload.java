package io.solstice.connector.lance;

import io.solstice.common.error.ErrorCode;

/** What a split carries: the table version that the job reads, and the fragment. */
record SplitPayload(long version, int fragment) {

    String text() {
        return version + "#" + fragment;
    }

    static SplitPayload parse(String text) {
        try {
            int hash = text.indexOf('#');
            return new SplitPayload(
                    Long.parseLong(text.substring(0, hash)), Integer.parseInt(text.substring(hash + 1)));
        } catch (NumberFormatException | IndexOutOfBoundsException malformed) {
            throw ErrorCode.INTERNAL
                    .error("a Lance split that cannot be read")
                    .cause("expected version#fragment, found '" + text + "'")
                    .toException(malformed);
        }
    }
}
