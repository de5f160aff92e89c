package io.solstice.worker.record;

import static org.objectweb.asm.Opcodes.*;

import io.solstice.api.operator.FilterFunction;
import io.solstice.api.operator.MapFunction;
import io.solstice.exchange.batch.Selection;
import io.solstice.worker.bytecode.Code;
import io.solstice.worker.bytecode.HiddenClass;
import io.solstice.worker.bytecode.Lane;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.objectweb.asm.Label;

/**
 * Generates the loop of one operator. The function, the record's constructor and its accessors are constants of the
 * class, which belongs to that operator alone: so the JIT knows which lambda it is, inlines it, sees that no record
 * escapes, and keeps their components in registers.
 */
final class RecordLoopGenerator {
    private static final String SIGNATURE =
            "([J[L" + ComponentReader.class.getName().replace('.', '/') + ";[J[Ljava/lang/Object;II)V";
    private static final int IN = 1;
    private static final int READERS = 2;
    private static final int OUT = 3;
    private static final int SINKS = 4;
    private static final int ROW = 5;
    private static final int END = 6;

    private RecordLoopGenerator() {}

    /** Calls the function and writes the record that it returns. */
    static RecordLoop map(InputBinding input, MapFunction<?, ?> function, RecordShape output, List<Field> fields) {
        return generate(input, (code, records) -> {
            RecordCode.Place[] places = records.places(output, OUT, SINKS, ComponentWriter.class);
            return () -> {
                int given = code.keepObject();
                code.pushObject(function, MapFunction.class);
                code.loadObject(given);
                code.callInterface(MapFunction.class, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;");
                int result = code.keepObject();
                refuseNull(code, result);
                records.write(output, fields, places, result);
            };
        });
    }

    /** Calls the function and adds the rows for which it returns true to the selection that is the first sink. */
    static RecordLoop filter(InputBinding input, FilterFunction<?> function) {
        return generate(input, (code, records) -> {
            int selection = firstSink(code, Selection.class);
            return () -> {
                int given = code.keepObject();
                code.pushObject(function, FilterFunction.class);
                code.loadObject(given);
                code.callInterface(FilterFunction.class, "test", "(Ljava/lang/Object;)Z");
                Label dropped = new Label();
                code.jump(IFEQ, dropped);
                code.loadObject(selection);
                code.load(Lane.INT, ROW);
                code.callVirtual(Selection.class, "add", "(I)V");
                code.mark(dropped);
            };
        });
    }

    /** Calls the function and gives any object that it returns to the writer that is the first sink. */
    static RecordLoop objects(InputBinding input, MapFunction<?, ?> function) {
        return generate(input, (code, records) -> {
            int writer = firstSink(code, ComponentWriter.class);
            return () -> {
                int given = code.keepObject();
                code.pushObject(function, MapFunction.class);
                code.loadObject(given);
                code.callInterface(MapFunction.class, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;");
                int result = code.keepObject();
                code.loadObject(writer);
                code.load(Lane.INT, ROW);
                code.loadObject(result);
                code.callInterface(ComponentWriter.class, "write", "(ILjava/lang/Object;)V");
            };
        });
    }

    /** Writes single records. */
    static RecordStore store(RecordShape output, List<Field> fields) {
        HiddenClass store = new HiddenClass(RecordStore.class);
        store.method("write", "(Ljava/lang/Object;[J[Ljava/lang/Object;I)V", code -> {
            RecordCode records = new RecordCode(code, 4);
            RecordCode.Place[] places = records.places(output, 2, 3, ComponentWriter.class);
            refuseNull(code, 1);
            records.write(output, fields, places, 1);
        });
        return store.instance(MethodHandles.lookup(), RecordStore.class);
    }

    /** Writes code before the loop, and returns what writes the code inside it. */
    private interface Body {
        Runnable prepare(Code code, RecordCode records);
    }

    private static RecordLoop generate(InputBinding input, Body body) {
        HiddenClass loop = new HiddenClass(RecordLoop.class);
        loop.method("dense", SIGNATURE, code -> loop(code, input, body, false));
        loop.method("sparse", SIGNATURE, code -> loop(code, input, body, true));
        return loop.instance(MethodHandles.lookup(), RecordLoop.class);
    }

    private static void loop(Code code, InputBinding input, Body body, boolean nulls) {
        RecordCode records = new RecordCode(code, ROW);
        RecordCode.Place[] places = records.places(input.shape(), IN, READERS, ComponentReader.class);
        Runnable use = body.prepare(code, records);
        Label start = new Label();
        Label end = new Label();
        Label failed = new Label();
        Label done = new Label();
        code.catchAll(start, end, failed);
        code.mark(start);
        code.load(Lane.INT, ROW);
        code.load(Lane.INT, END);
        code.jump(IF_ICMPGE, done);
        records.read(input, places, nulls);
        use.run();
        code.increment(ROW);
        code.jump(GOTO, start);
        code.mark(end);
        code.mark(failed);
        int failure = code.keepObject();
        code.loadObject(0);
        code.load(Lane.INT, ROW);
        code.putField(RecordLoop.class, "row", "I");
        code.loadObject(failure);
        code.op(ATHROW);
        code.mark(done);
    }

    private static int firstSink(Code code, Class<?> type) {
        code.loadObject(SINKS);
        code.push(0);
        code.op(AALOAD);
        code.cast(type);
        return code.keepObject();
    }

    private static void refuseNull(Code code, int result) {
        Label present = new Label();
        code.loadObject(result);
        code.jump(IFNONNULL, present);
        code.call(RecordLoop.class, "nullResult", "()Lio/solstice/common/error/SolsticeException;");
        code.op(ATHROW);
        code.mark(present);
    }
}
