package io.solstice.bench.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.solstice.bench.adclick.AdEvent;
import io.solstice.bench.adclick.Ads;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;

/**
 * The ad-click count as SQL. A function looks the campaign up: SQL's own lookup join asks a store, and a join with a
 * table would keep all views for ever and lose their time.
 */
final class AdSql {
    private static final LogicalType TEXT = new VarCharType(VarCharType.MAX_LENGTH);

    private AdSql() {}

    static void build(StreamExecutionEnvironment environment, DataStream<AdEvent> source, long run) {
        SqlTables tables = SqlTables.of(environment);
        tables.tables().createTemporarySystemFunction("campaign_of", CampaignOf.class);
        tables.timedEvents(source.map(new AdRows()).returns(AdRows.type()));
        tables.view(
                "seen",
                "SELECT campaign_of(ad_id) AS campaign, event_time FROM events WHERE event_type = '" + Ads.VIEW + "'");
        tables.query("SELECT campaign, window_end, COUNT(*) FROM " + SqlTables.tumbling("seen", Ads.WINDOW)
                        + " GROUP BY campaign, window_start, window_end")
                .sinkTo(new ChecksumSink<RowData>(run, AdSql::checksum));
    }

    private static long checksum(RowData row) {
        AdEvent.Views views = new AdEvent.Views();
        views.campaign = SqlTables.text(row, 0);
        views.end = SqlTables.millis(row, 1);
        views.views = row.getLong(2);
        return AdEvent.checksum(views);
    }

    /** Finds campaigns in a map, as text of which the bytes are there already. */
    public static final class CampaignOf extends ScalarFunction {
        private static final long serialVersionUID = 1;

        private transient Map<String, StringData> campaigns = Map.of();

        @Override
        public void open(FunctionContext context) {
            Map<String, StringData> table = new HashMap<>();
            Ads.campaigns().forEach((ad, campaign) -> table.put(ad, StringData.fromBytes(campaign.getBytes(UTF_8))));
            campaigns = table;
        }

        @DataTypeHint(value = "STRING", bridgedTo = StringData.class)
        public StringData eval(String ad) {
            StringData campaign = campaigns.get(ad);
            if (campaign == null) {
                throw new IllegalArgumentException("there is no ad " + ad);
            }
            return campaign;
        }
    }

    /** Events as the rows that SQL's operators work on. */
    private static final class AdRows implements MapFunction<AdEvent, RowData> {
        private static final long serialVersionUID = 1;

        static InternalTypeInfo<RowData> type() {
            return InternalTypeInfo.of(RowType.of(
                    new LogicalType[] {TEXT, TEXT, TEXT, TEXT, TEXT, TEXT},
                    new String[] {"user_id", "page_id", "ad_id", "ad_type", "event_type", "ip_address"}));
        }

        @Override
        public RowData map(AdEvent event) {
            return GenericRowData.of(
                    StringData.fromString(event.userId),
                    StringData.fromString(event.pageId),
                    StringData.fromString(event.adId),
                    StringData.fromString(event.adType),
                    StringData.fromString(event.eventType),
                    StringData.fromString(event.ipAddress));
        }
    }
}
