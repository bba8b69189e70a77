package gradus.lessons.learn.compile;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;

/// Finds a call of a method by itself that every way through the method reaches. Only what is certain counts:
/// a call in a branch, in a loop's body or after something that may leave the method does not.
final class Endless {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final Element method;

    Endless(Trees trees, CompilationUnitTree unit, Element method) {
        this.trees = trees;
        this.unit = unit;
        this.method = method;
    }

    /// The call, if there is one.
    Optional<Tree> call(MethodTree tree) {
        return tree.getBody() == null || method.getKind() != ElementKind.METHOD
                ? Optional.empty()
                : Optional.ofNullable(new Sure().scan(tree.getBody(), null));
    }

    /// Walks along what is evaluated in any case.
    private final class Sure extends TreeScanner<Tree, Void> {
        private boolean left;

        @Override
        public Tree scan(Tree tree, Void nothing) {
            return tree == null || left ? null : super.scan(tree, nothing);
        }

        @Override
        public Tree reduce(Tree one, Tree other) {
            return one != null ? one : other;
        }

        @Override
        public Tree visitBlock(BlockTree block, Void nothing) {
            for (StatementTree each : block.getStatements()) {
                Tree found = scan(each, nothing);
                if (found != null) {
                    return found;
                }
                left |= Boolean.TRUE.equals(new MayLeave().scan(each, null));
            }
            return null;
        }

        @Override
        public Tree visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            Tree inside = super.visitMethodInvocation(call, nothing);
            if (inside != null) {
                return inside;
            }
            ExpressionTree select = call.getMethodSelect();
            TreePath path = TreePath.getPath(unit, select);
            return own(select) && path != null && method.equals(trees.getElement(path)) ? call : null;
        }

        /// Whether the call is of this object or class, not of another object.
        private boolean own(ExpressionTree select) {
            if (!(select instanceof MemberSelectTree member)) {
                return true;
            }
            String receiver = member.getExpression().toString();
            String type = method.getEnclosingElement().getSimpleName().toString();
            return receiver.equals("this") || receiver.equals(type);
        }

        @Override
        public Tree visitIf(IfTree tree, Void nothing) {
            Tree condition = scan(tree.getCondition(), nothing);
            if (condition != null || tree.getElseStatement() == null) {
                return condition;
            }
            Tree one = new Sure().scan(tree.getThenStatement(), nothing);
            Tree other = new Sure().scan(tree.getElseStatement(), nothing);
            return one != null && other != null ? one : null;
        }

        @Override
        public Tree visitConditionalExpression(ConditionalExpressionTree tree, Void nothing) {
            Tree condition = scan(tree.getCondition(), nothing);
            if (condition != null) {
                return condition;
            }
            Tree one = scan(tree.getTrueExpression(), nothing);
            Tree other = scan(tree.getFalseExpression(), nothing);
            return one != null && other != null ? one : null;
        }

        @Override
        public Tree visitBinary(BinaryTree tree, Void nothing) {
            return switch (tree.getKind()) {
                case CONDITIONAL_AND, CONDITIONAL_OR -> scan(tree.getLeftOperand(), nothing);
                default -> super.visitBinary(tree, nothing);
            };
        }

        @Override
        public Tree visitWhileLoop(WhileLoopTree tree, Void nothing) {
            return scan(tree.getCondition(), nothing);
        }

        @Override
        public Tree visitDoWhileLoop(DoWhileLoopTree tree, Void nothing) {
            return null;
        }

        @Override
        public Tree visitForLoop(ForLoopTree tree, Void nothing) {
            return reduce(scan(tree.getInitializer(), nothing), scan(tree.getCondition(), nothing));
        }

        @Override
        public Tree visitEnhancedForLoop(EnhancedForLoopTree tree, Void nothing) {
            return scan(tree.getExpression(), nothing);
        }

        @Override
        public Tree visitSwitch(SwitchTree tree, Void nothing) {
            return scan(tree.getExpression(), nothing);
        }

        @Override
        public Tree visitSwitchExpression(SwitchExpressionTree tree, Void nothing) {
            return scan(tree.getExpression(), nothing);
        }

        @Override
        public Tree visitCatch(CatchTree tree, Void nothing) {
            return null;
        }

        @Override
        public Tree visitLambdaExpression(LambdaExpressionTree tree, Void nothing) {
            return null;
        }

        @Override
        public Tree visitClass(ClassTree tree, Void nothing) {
            return null;
        }
    }

    /// Whether a statement may end the method, or the block it stands in.
    private static final class MayLeave extends TreeScanner<Boolean, Void> {
        @Override
        public Boolean reduce(Boolean one, Boolean other) {
            return Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other);
        }

        @Override
        public Boolean visitReturn(ReturnTree tree, Void nothing) {
            return true;
        }

        @Override
        public Boolean visitThrow(ThrowTree tree, Void nothing) {
            return true;
        }

        @Override
        public Boolean visitBreak(BreakTree tree, Void nothing) {
            return true;
        }

        @Override
        public Boolean visitContinue(ContinueTree tree, Void nothing) {
            return true;
        }

        @Override
        public Boolean visitYield(YieldTree tree, Void nothing) {
            return true;
        }

        @Override
        public Boolean visitLambdaExpression(LambdaExpressionTree tree, Void nothing) {
            return false;
        }

        @Override
        public Boolean visitClass(ClassTree tree, Void nothing) {
            return false;
        }
    }
}
