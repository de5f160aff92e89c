package io.solstice.worker.expression;

import io.solstice.api.expr.Expression.Function;
import io.solstice.worker.bytecode.Lane;
import io.solstice.worker.expression.Types.Family;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Divides a typed tree between a generated loop and the interpreter: what a loop cannot compute becomes a temporary, a
 * vector that the interpreter fills before the loop runs.
 *
 * @param tree what the loop computes
 * @param temporaries what the interpreter computes first, by {@link Typed.Temporary#index}
 */
record LoopPlan(Typed tree, List<Typed> temporaries) {

    /** Nothing if the result is no primitive, or if a part that may fail for a row must wait for a condition. */
    static Optional<LoopPlan> of(Typed root) {
        if (!root.lane().isPrimitive() || !Types.stored(root.type()).equals(root.type())) {
            return Optional.empty();
        }
        Division division = new Division();
        Typed tree = division.computed(root, false);
        return division.impossible ? Optional.empty() : Optional.of(new LoopPlan(tree, division.temporaries));
    }

    /** What the loop reads, in the order of its addresses. */
    List<Typed.Stored> inputs() {
        Set<Typed.Stored> inputs = new LinkedHashSet<>();
        collect(tree, inputs);
        return List.copyOf(inputs);
    }

    private static void collect(Typed node, Set<Typed.Stored> inputs) {
        if (node instanceof Typed.Stored stored) {
            inputs.add(stored);
        }
        node.operands().forEach(operand -> collect(operand, inputs));
    }

    /** Whether the node can be null for a row. */
    static boolean canBeNull(Typed node, boolean inputsCanBeNull) {
        if (node instanceof Typed.Stored) {
            return inputsCanBeNull;
        } else if (node instanceof Typed.Constant constant) {
            return constant.value() == null;
        } else if (node instanceof Typed.NullTest) {
            return false;
        } else if (node instanceof Typed.Choice choice) {
            return canBeNull(choice.then(), inputsCanBeNull) || canBeNull(choice.otherwise(), inputsCanBeNull);
        }
        boolean anyNull = node instanceof Typed.Membership membership && membership.orNull();
        boolean allNull = true;
        for (Typed operand : node.operands()) {
            boolean isNull = canBeNull(operand, inputsCanBeNull);
            anyNull |= isNull;
            allNull &= isNull;
        }
        return node instanceof Typed.FirstPresent ? allNull : anyNull;
    }

    private static final class Division {
        final List<Typed> temporaries = new ArrayList<>();
        boolean impossible;

        /** @param guarded whether the node is computed for some rows only */
        Typed computed(Typed node, boolean guarded) {
            if (node instanceof Typed.Stored
                    || (node instanceof Typed.Constant && node.lane().isPrimitive())) {
                return node.lane().isPrimitive() ? node : temporary(node, guarded);
            } else if (node instanceof Typed.Arithmetic n) {
                Typed right = computed(n.right(), guarded);
                return new Typed.Arithmetic(n.operator(), computed(n.left(), guarded), right, n.field());
            } else if (node instanceof Typed.Comparison n) {
                return comparison(n, guarded);
            } else if (node instanceof Typed.Logic n) {
                return new Typed.Logic(n.and(), computed(n.left(), guarded), computed(n.right(), true), n.field());
            } else if (node instanceof Typed.Negation n) {
                return new Typed.Negation(computed(n.operand(), guarded), n.field());
            } else if (node instanceof Typed.NullTest n) {
                return nullTest(n, guarded);
            } else if (node instanceof Typed.Membership n) {
                boolean text = n.operand().lane().isBytes();
                Typed operand = text ? stored(n.operand(), guarded) : computed(n.operand(), guarded);
                return new Typed.Membership(operand, n.values(), n.orNull(), n.field());
            } else if (node instanceof Typed.Conversion n) {
                boolean direct = n.operand().lane().isPrimitive();
                return direct ? new Typed.Conversion(computed(n.operand(), guarded), n.field()) : temporary(n, guarded);
            } else if (node instanceof Typed.Choice n) {
                Typed condition = computed(n.condition(), guarded);
                return new Typed.Choice(condition, computed(n.then(), true), computed(n.otherwise(), true), n.field());
            } else if (node instanceof Typed.FirstPresent n) {
                List<Typed> operands = new ArrayList<>();
                n.operands().forEach(operand -> operands.add(computed(operand, guarded || !operands.isEmpty())));
                return new Typed.FirstPresent(operands, n.field());
            } else if (node instanceof Typed.FunctionCall n) {
                return call(n, guarded);
            }
            return temporary(node, guarded);
        }

        private Typed comparison(Typed.Comparison node, boolean guarded) {
            Lane lane = node.left().lane();
            if (lane.isPrimitive()) {
                Typed left = computed(node.left(), guarded);
                Typed right = computed(node.right(), guarded);
                return new Typed.Comparison(node.operator(), left, right, node.leftUnits(), node.field());
            } else if (lane.isBytes()) {
                Typed left = stored(node.left(), guarded);
                return new Typed.Comparison(
                        node.operator(), left, storedOrConstant(node.right(), guarded), 1, node.field());
            }
            return temporary(node, guarded);
        }

        private Typed nullTest(Typed.NullTest node, boolean guarded) {
            if (node.operand().lane().isPrimitive()) {
                return new Typed.NullTest(computed(node.operand(), guarded), node.field());
            }
            boolean hasValidity = node.operand() instanceof Typed.Stored
                    && !(node.operand().type() instanceof ArrowType.Null)
                    && !(node.operand().type() instanceof ArrowType.Union);
            return hasValidity ? node : temporary(node, guarded);
        }

        private Typed call(Typed.FunctionCall node, boolean guarded) {
            boolean ofText = node.operands().get(0).lane().isBytes();
            if (!node.lane().isPrimitive() || node.operands().get(0).lane() == Lane.DECIMAL) {
                return temporary(node, guarded);
            } else if (!ofText || node.function() == Function.COALESCE) {
                return new Typed.FunctionCall(
                        node.function(), List.of(computed(node.operands().get(0), guarded)), node.field());
            }
            List<Typed> operands = new ArrayList<>();
            operands.add(stored(node.operands().get(0), guarded));
            if (node.operands().size() > 1) {
                operands.add(storedOrConstant(node.operands().get(1), guarded));
            }
            return new Typed.FunctionCall(node.function(), operands, node.field());
        }

        private Typed storedOrConstant(Typed text, boolean guarded) {
            boolean constant = text instanceof Typed.Constant value && value.value() != null;
            return constant ? text : stored(text, guarded);
        }

        /** Texts are read where they lie, or else computed into a temporary. */
        private Typed stored(Typed text, boolean guarded) {
            return text instanceof Typed.Stored ? text : temporary(text, guarded);
        }

        private Typed temporary(Typed node, boolean guarded) {
            impossible |= (guarded && node.fallible()) || Types.family(node.type()) == Family.OTHER;
            int index = temporaries.indexOf(node);
            if (index < 0) {
                index = temporaries.size();
                temporaries.add(node);
            }
            FieldType type = new FieldType(true, Types.stored(node.type()), null);
            return new Typed.Temporary(index, new Field("", type, List.of()));
        }
    }
}
