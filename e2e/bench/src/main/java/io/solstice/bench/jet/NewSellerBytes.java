package io.solstice.bench.jet;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import io.solstice.bench.nexmark.Event;
import java.io.IOException;
import java.util.Objects;

/** A person of a window, as part of a snapshot. */
final class NewSellerBytes implements StreamSerializer<Event.NewSeller> {
    static final int TYPE = 2;

    @Override
    public int getTypeId() {
        return TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, Event.NewSeller seller) throws IOException {
        out.writeLong(seller.person);
        out.writeString(seller.name);
        out.writeLong(seller.end);
    }

    @Override
    public Event.NewSeller read(ObjectDataInput in) throws IOException {
        Event.NewSeller seller = new Event.NewSeller();
        seller.person = in.readLong();
        seller.name = Objects.requireNonNull(in.readString());
        seller.end = in.readLong();
        return seller;
    }
}
