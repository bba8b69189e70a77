package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.Limits;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.chat.syntax.Statement.Assign;
import gradus.tokenizer.chat.syntax.Statement.AssignBlock;
import gradus.tokenizer.chat.syntax.Statement.AttributeTarget;
import gradus.tokenizer.chat.syntax.Statement.Break;
import gradus.tokenizer.chat.syntax.Statement.CallBlock;
import gradus.tokenizer.chat.syntax.Statement.Continue;
import gradus.tokenizer.chat.syntax.Statement.FilterBlock;
import gradus.tokenizer.chat.syntax.Statement.For;
import gradus.tokenizer.chat.syntax.Statement.Generation;
import gradus.tokenizer.chat.syntax.Statement.If;
import gradus.tokenizer.chat.syntax.Statement.Macro;
import gradus.tokenizer.chat.syntax.Statement.NameTarget;
import gradus.tokenizer.chat.syntax.Statement.Print;
import gradus.tokenizer.chat.syntax.Statement.Signature;
import gradus.tokenizer.chat.syntax.Statement.Target;
import gradus.tokenizer.chat.syntax.Statement.Text;
import gradus.tokenizer.chat.syntax.Statement.TupleTarget;
import gradus.tokenizer.chat.syntax.Statement.With;
import gradus.tokenizer.chat.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Parses a template into statements.
public final class Parser {
    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");
    private static final Set<String> NOT_BUILT =
            Set.of("block", "extends", "include", "import", "from", "autoescape", "do", "trans");

    private final Tokens tokens;
    private final Names names;
    private final ExpressionParser expressions;
    private final Limits limits;
    private int depth;
    private int loops;

    private Parser(List<Token> tokens, Names names, Limits limits) {
        this.tokens = new Tokens(tokens);
        this.names = names;
        this.limits = limits;
        this.expressions = new ExpressionParser(this.tokens, names, limits);
    }

    /// Throws TemplateError with the line where the source is none of the language.
    ///
    /// @param filters the names of the filters there are
    /// @param tests   the names of the tests there are
    public static List<Statement> parse(String source, Set<String> filters, Set<String> tests, Limits limits) {
        if (source.length() > limits.templateLength()) {
            throw Work.exceeded(limits.templateLength(), "characters of template");
        }
        var names = new Names(filters, tests);
        List<Statement> statements = new Parser(Lexer.tokens(source), names, limits).statements(Set.of(), "");
        names.check();
        return statements;
    }

    /// Statements up to a block that begins with one of these names, which is left to be taken.
    ///
    /// @param tag the block that they belong to, for a message
    private List<Statement> statements(Set<String> ends, String tag) {
        if (++depth > limits.nesting()) {
            throw Work.exceeded(limits.nesting(), "levels of nesting")
                    .at(tokens.peek().line());
        }
        int opened = tokens.peek().line();
        var body = new ArrayList<Statement>();
        while (!tokens.isAt(Kind.END)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> body.add(new Text(token.text(), token.line()));
                case PRINT_BEGIN -> {
                    body.add(new Print(expressions.tuple(true, Set.of(), false), token.line()));
                    tokens.expect(Kind.PRINT_END, "'}}'");
                }
                default -> {
                    if (tokens.peek().isName(ends)) {
                        depth--;
                        return body;
                    }
                    statement(body, tag);
                    tokens.expect(Kind.BLOCK_END, "'%}'");
                }
            }
        }
        if (!ends.isEmpty()) {
            throw new TemplateError(
                    "the block '%s' that begins here is not closed: expected %s"
                            .formatted(tag, String.join(" or ", new TreeSet<>(ends))),
                    opened);
        }
        depth--;
        return body;
    }

    /// The body of a block, from the end of its head to the block that closes it, which is taken.
    private List<Statement> body(String tag, String end) {
        boolean before = names.conditional(false);
        List<Statement> body = bodyUntil(tag, Set.of(end));
        names.conditional(before);
        tokens.next();
        return body;
    }

    private List<Statement> bodyUntil(String tag, Set<String> ends) {
        tokens.skip(":");
        tokens.expect(Kind.BLOCK_END, "'%}'");
        return statements(ends, tag);
    }

    private void statement(List<Statement> to, String within) {
        Token tag = tokens.expect(Kind.NAME, "the name of a block");
        int line = tag.line();
        switch (tag.text()) {
            case "set" -> to.add(set(line));
            case "for" -> to.add(loop(line));
            case "if" -> to.add(condition(line));
            case "macro" -> to.add(macro(line));
            case "call" -> to.add(callBlock(line));
            case "filter" -> {
                Expression filter = filters(expressions.filter(null));
                to.add(new FilterBlock(filter, body("filter", "endfilter"), line));
            }
            case "with" -> to.add(with(line));
            case "generation" -> to.add(new Generation(withoutLoops("generation", "endgeneration"), line));
            case "print" -> {
                do {
                    to.add(new Print(expressions.expression(), line));
                } while (tokens.skip(","));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new TemplateError("'" + tag.text() + "' outside a loop", line);
                }
                to.add(tag.text().equals("break") ? new Break(line) : new Continue(line));
            }
            default -> {
                String why = NOT_BUILT.contains(tag.text()) ? " is not supported" : " is unknown";
                String where = within.isEmpty() ? "" : "; the innermost open block is '" + within + "'";
                throw new TemplateError("the block " + tag.shown() + why + where, line);
            }
        }
    }

    private Expression filters(Expression first) {
        Expression filter = first;
        while (tokens.skip("|")) {
            filter = expressions.filter(filter);
        }
        return filter;
    }

    private Statement set(int line) {
        Target target = targets(Set.of(), true);
        if (tokens.skip("=")) {
            return new Assign(target, expressions.tuple(true, Set.of(), false), line);
        }
        Expression filter = tokens.skip("|") ? filters(expressions.filter(null)) : null;
        return new AssignBlock(target, filter, body("set", "endset"), line);
    }

    private Statement loop(int line) {
        Target target = targets(Set.of("in"), false);
        refuseLoop(target, line);
        if (!tokens.skipName("in")) {
            throw tokens.unexpected("'in'");
        }
        Expression in = expressions.tuple(false, Set.of("recursive"), false);
        boolean outer = names.conditional(false);
        Expression condition = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        loops++;
        List<Statement> body = bodyUntil("for", Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.next().isName("else")) {
            otherwise = bodyUntil("for", Set.of("endfor"));
            tokens.next();
        }
        names.conditional(outer);
        return new For(target, in, condition, recursive, body, otherwise, line);
    }

    private static void refuseLoop(Target target, int line) {
        switch (target) {
            case NameTarget(String name)
            when name.equals("loop") ->
                throw new TemplateError("Can't assign to special loop variable in for-loop target", line);
            case TupleTarget(List<Target> targets) -> targets.forEach(each -> refuseLoop(each, line));
            default -> {}
        }
    }

    private Statement condition(int line) {
        boolean outer = names.conditional(true);
        var conditions = new ArrayList<Expression>();
        var bodies = new ArrayList<List<Statement>>();
        List<Statement> otherwise = List.of();
        Token next;
        do {
            conditions.add(expressions.tuple(false, Set.of(), false));
            bodies.add(bodyUntil("if", Set.of("elif", "else", "endif")));
            next = tokens.next();
        } while (next.isName("elif"));
        if (next.isName("else")) {
            otherwise = bodyUntil("if", Set.of("endif"));
            tokens.next();
        }
        names.conditional(outer);
        return new If(conditions, bodies, otherwise, line);
    }

    private Statement macro(int line) {
        String name = tokens.name();
        var parameters = new ArrayList<String>();
        var defaults = new ArrayList<Expression>();
        parameters(parameters, defaults);
        names.enterMacro();
        List<Statement> body = withoutLoops("macro", "endmacro");
        return new Macro(new Signature(name, parameters, defaults, names.leaveMacro()), body, line);
    }

    private Statement callBlock(int line) {
        var parameters = new ArrayList<String>();
        var defaults = new ArrayList<Expression>();
        if (tokens.isAt("(")) {
            parameters(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateError("expected call", line);
        }
        names.enterMacro();
        List<Statement> body = withoutLoops("call", "endcall");
        return new CallBlock(
                new Signature(Signature.CALLER, parameters, defaults, names.leaveMacro()), call, body, line);
    }

    private List<Statement> withoutLoops(String tag, String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(tag, end);
        loops = outer;
        return body;
    }

    private void parameters(List<String> parameters, List<Expression> defaults) {
        tokens.expect("(");
        Set<String> seen = new HashSet<>();
        while (!tokens.isAt(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
            }
            int line = tokens.peek().line();
            String name = assignable(tokens.name(), line);
            if (!seen.add(name)) {
                throw new TemplateError("duplicate argument '" + name + "' in function definition", line);
            }
            parameters.add(name);
            if (tokens.skip("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw new TemplateError("non-default argument follows default argument", line);
            }
        }
        tokens.expect(")");
        int caller = parameters.indexOf(Signature.CALLER);
        if (caller >= 0 && caller < parameters.size() - defaults.size()) {
            throw new TemplateError(
                    "When defining macros or call blocks the special \"caller\" argument must be omitted or be given"
                            + " a default.",
                    tokens.peek().line());
        }
    }

    private Statement with(int line) {
        var targets = new ArrayList<Target>();
        var values = new ArrayList<Expression>();
        while (!tokens.isAt(Kind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expect(",");
            }
            targets.add(target(false));
            tokens.expect("=");
            values.add(expressions.expression());
        }
        return new With(targets, values, body("with", "endwith"), line);
    }

    /// One target, or several with commas between them.
    private Target targets(Set<String> ends, boolean attributes) {
        var targets = new ArrayList<Target>();
        boolean comma = false;
        while (!tokens.isAtTupleEnd(ends)) {
            targets.add(target(attributes));
            if (!tokens.skip(",")) {
                break;
            }
            comma = true;
        }
        if (targets.isEmpty()) {
            throw tokens.unexpected("a name to assign to");
        }
        return comma ? new TupleTarget(targets) : targets.getFirst();
    }

    private Target target(boolean attributes) {
        int line = tokens.peek().line();
        if (tokens.skip("(")) {
            if (++depth > limits.nesting()) {
                throw Work.exceeded(limits.nesting(), "levels of nesting").at(line);
            }
            Target inner = targets(Set.of(), attributes);
            depth--;
            tokens.expect(")");
            return inner;
        }
        String name = tokens.name();
        return attributes && tokens.skip(".")
                ? new AttributeTarget(name, tokens.name())
                : new NameTarget(assignable(name, line));
    }

    private static String assignable(String name, int line) {
        if (CONSTANTS.contains(name)) {
            throw new TemplateError("can't assign to '" + name + "'", line);
        }
        return name;
    }
}
