package io.solstice.worker.bytecode;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * One generated class, without state, that extends an abstract class. It is hidden: nothing refers to it by name, and
 * it goes when its instance goes. Objects that its code needs travel beside it and are constants to the JIT.
 */
public final class HiddenClass {
    private final ClassWriter writer = new FrameWriter();
    private final List<Object> classData = new ArrayList<>();
    private int largestMethod;

    /** Frames merge to Object, so that no user class is ever looked for by name. */
    private static final class FrameWriter extends ClassWriter {
        FrameWriter() {
            super(COMPUTE_FRAMES | COMPUTE_MAXS);
        }

        @Override
        protected String getCommonSuperClass(String one, String other) {
            return "java/lang/Object";
        }
    }

    /** @param parent an abstract class with a constructor without arguments, in whose package the class will be */
    public HiddenClass(Class<?> parent) {
        String name = Type.getInternalName(parent);
        writer.visit(V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC, name + "Code", null, name, null);
        MethodVisitor constructor = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, name, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
    }

    /** Adds a method without a result. */
    public void method(String name, String descriptor, Consumer<Code> body) {
        MethodVisitor to = writer.visitMethod(ACC_PUBLIC, name, descriptor, null, null);
        to.visitCode();
        int firstLocal = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
        Code code = new Code(to, firstLocal, classData);
        body.accept(code);
        code.op(RETURN);
        Label end = new Label();
        code.mark(end);
        to.visitMaxs(0, 0);
        to.visitEnd();
        largestMethod = Math.max(largestMethod, end.getOffset());
    }

    /** The bytes of the largest method so far. */
    public int largestMethod() {
        return largestMethod;
    }

    /** @param lookup with full access to the package of the parent */
    public <T> T instance(MethodHandles.Lookup lookup, Class<T> parent) {
        writer.visitEnd();
        try {
            MethodHandles.Lookup hidden =
                    lookup.defineHiddenClassWithClassData(writer.toByteArray(), List.copyOf(classData), true);
            return parent.cast(hidden.lookupClass().getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException refused) {
            throw new IllegalStateException("generated code was refused", refused);
        }
    }
}
