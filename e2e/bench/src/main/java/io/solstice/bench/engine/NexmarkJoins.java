package io.solstice.bench.engine;

import static io.solstice.api.expr.Expressions.col;

import io.solstice.api.Job;
import io.solstice.api.Stage;
import io.solstice.api.expr.Expression;
import io.solstice.api.operator.AggregateOperator;
import io.solstice.api.operator.FilterOperator;
import io.solstice.api.operator.JoinOperator;
import io.solstice.api.operator.MapOperator;
import io.solstice.api.window.Aggregates;
import io.solstice.api.window.Windows;
import io.solstice.bench.nexmark.Query;
import io.solstice.bench.nexmark.ResultChecksum;
import java.time.Duration;

/** The joins of persons with the auctions that they open, as stages behind the source. */
final class NexmarkJoins {
    private static final int PERSON = 0;
    private static final int AUCTION = 1;
    /** Longer than any run, as state without a limit is in the others. */
    private static final Duration FOR_GOOD = Duration.ofDays(365);

    private static final String OPENED = "opened";

    private final Job job;
    private final String source;
    private final int parallelism;

    private NexmarkJoins(Job job, String source, int parallelism) {
        this.job = job;
        this.source = source;
        this.parallelism = parallelism;
    }

    /** @return the stage that gives the results */
    static String add(Job job, Query query, String source, int parallelism) {
        NexmarkJoins stages = new NexmarkJoins(job, source, parallelism);
        return switch (query) {
            case Q3 -> stages.localSales();
            case Q8 -> stages.newSellers();
            default -> throw new IllegalArgumentException(query + " is no join");
        };
    }

    private String localSales() {
        Expression local = Query.STATES.stream()
                .map(state -> col("state").eq(state))
                .reduce(Expression::or)
                .orElseThrow();
        String persons =
                chosen("persons", col("event_type").eq(PERSON).and(local), col("person_id"), col("name"), col("city"));
        String auctions = chosen(
                "auctions",
                col("event_type").eq(AUCTION).and(col("category").eq(Query.CATEGORY)),
                col("auction_id"),
                col("seller"));
        JoinOperator sales =
                JoinOperator.inner(persons, auctions).on("person_id", "seller").keepFor(FOR_GOOD);
        job.addStage(Stage.of("sales", sales).parallelism(parallelism), persons, auctions);
        return "sales";
    }

    /** A person comes once, so a seller must do so too in each window. */
    private String newSellers() {
        String persons =
                chosen("persons", col("event_type").eq(PERSON), col("person_id"), col("name"), col("date_time"));
        String auctions = chosen("auctions", col("event_type").eq(AUCTION), col("seller"), col("date_time"));
        AggregateOperator once = AggregateOperator.by("seller")
                .window(Windows.tumbling(Query.WINDOW))
                .time("date_time")
                .aggregate(Aggregates.count());
        MapOperator opened =
                MapOperator.select(col("seller"), col(ResultChecksum.START).as(OPENED));
        JoinOperator sellers = JoinOperator.inner(persons, "sellers")
                .on("person_id", "seller")
                .window(Windows.tumbling(Query.WINDOW))
                .time("date_time", OPENED);
        job.addStage(Stage.of("once", once).parallelism(parallelism), auctions)
                .addStage(Stage.of("sellers", opened).parallelism(parallelism), "once")
                .addStage(Stage.of("new-sellers", sellers).parallelism(parallelism), persons, "sellers");
        return "new-sellers";
    }

    /** Rows that fulfil a condition, with the columns that are needed of them. */
    private String chosen(String name, Expression condition, Expression... columns) {
        job.addStage(Stage.of(name + "-only", FilterOperator.where(condition)).parallelism(parallelism), source)
                .addStage(Stage.of(name, MapOperator.select(columns)).parallelism(parallelism), name + "-only");
        return name;
    }
}
