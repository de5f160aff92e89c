package io.solstice.bench.jet;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import io.solstice.bench.nexmark.Event;
import java.io.IOException;

/** The auction with the most bids so far, as part of a snapshot. */
final class HotItemBytes implements StreamSerializer<Event.HotItem> {
    static final int TYPE = 3;

    @Override
    public int getTypeId() {
        return TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, Event.HotItem item) throws IOException {
        out.writeLong(item.auction);
        out.writeLong(item.bids);
        out.writeLong(item.end);
    }

    @Override
    public Event.HotItem read(ObjectDataInput in) throws IOException {
        Event.HotItem item = new Event.HotItem();
        item.auction = in.readLong();
        item.bids = in.readLong();
        item.end = in.readLong();
        return item;
    }
}
