package io.solstice.bench.jet;

import com.hazelcast.jet.Traverser;
import com.hazelcast.jet.Traversers;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import io.solstice.bench.nexmark.Event;
import io.solstice.bench.nexmark.EventQueries;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What is kept of one person: who it is, and until the person comes the auctions. */
final class SalesOfPerson {
    private static final long[] NONE = {};

    private Event.@Nullable LocalSale person;
    private long[] waiting = NONE;

    /** @param event a person or an auction, whichever comes next */
    Traverser<Event.LocalSale> add(Event event) {
        if (event.person != null) {
            Event.LocalSale known = EventQueries.localPerson(event);
            person = known;
            long[] auctions = waiting;
            waiting = NONE;
            return Traversers.traverseStream(LongStream.of(auctions).mapToObj(auction -> sale(known, auction)));
        }
        long auction = EventQueries.auction(event);
        if (person != null) {
            return Traversers.singleton(sale(person, auction));
        }
        waiting = Arrays.copyOf(waiting, waiting.length + 1);
        waiting[waiting.length - 1] = auction;
        return Traversers.empty();
    }

    private static Event.LocalSale sale(Event.LocalSale person, long auction) {
        Event.LocalSale sale = new Event.LocalSale();
        sale.person = person.person;
        sale.name = person.name;
        sale.city = person.city;
        sale.state = person.state;
        sale.auction = auction;
        return sale;
    }

    /** As part of a snapshot. */
    static final class Bytes implements StreamSerializer<SalesOfPerson> {
        private static final int TYPE = 1;

        @Override
        public int getTypeId() {
            return TYPE;
        }

        @Override
        public void write(ObjectDataOutput out, SalesOfPerson sales) throws IOException {
            out.writeLongArray(sales.waiting);
            Event.LocalSale person = sales.person;
            out.writeBoolean(person != null);
            if (person != null) {
                out.writeLong(person.person);
                out.writeString(person.name);
                out.writeString(person.city);
                out.writeString(person.state);
            }
        }

        @Override
        public SalesOfPerson read(ObjectDataInput in) throws IOException {
            SalesOfPerson sales = new SalesOfPerson();
            sales.waiting = Objects.requireNonNull(in.readLongArray());
            if (in.readBoolean()) {
                Event.LocalSale person = new Event.LocalSale();
                person.person = in.readLong();
                person.name = Objects.requireNonNull(in.readString());
                person.city = Objects.requireNonNull(in.readString());
                person.state = Objects.requireNonNull(in.readString());
                sales.person = person;
            }
            return sales;
        }
    }
}
