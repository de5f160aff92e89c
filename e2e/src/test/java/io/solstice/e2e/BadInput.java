package io.solstice.e2e;

import io.solstice.common.error.ErrorCode;
import java.nio.file.Path;

/**
 * One wrong input and what must be said about it.
 *
 * @param code the permanent code
 * @param place a part of where it says the problem is; empty where there is none but the message itself
 * @param help a part of what it says to do
 * @param attempt builds and runs the job in a folder of its own
 */
record BadInput(String name, ErrorCode code, String place, String help, Attempt attempt) {
    @FunctionalInterface
    interface Attempt {
        void run(Path folder) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
