package io.solstice.bench.measure;

/**
 * One way to do one piece of work.
 *
 * @param system who does it: {@code solstice}, {@code flink-ds}, {@code jet}, {@code limit}, {@code duckdb}
 * @param query the work, the same for all systems that are compared
 * @param variant how the system does it
 * @param parallelism tasks in each stage
 * @param events events or rows that go in
 * @param work runs it once; throws if the result is wrong
 */
public record Contender(String system, String query, String variant, int parallelism, long events, Work work) {
    /** Does the work once. */
    public interface Work {
        /**
         * Calls {@link Meter#begin} when the first event is made, and {@link Meter#end} when the last result is there.
         */
        void run(Meter meter) throws Exception;
    }

    String label() {
        return system + " " + query + " " + variant + " p" + parallelism;
    }
}
