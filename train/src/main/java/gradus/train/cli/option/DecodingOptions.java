package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.generate.Constraint;
import gradus.train.generate.ContrastiveGenerator;
import gradus.train.generate.Decoding;
import gradus.train.generate.Generator;
import gradus.train.generate.GuidedGenerator;
import gradus.train.generate.SpeculativeGenerator;
import gradus.train.generate.constrain.JsonSchema;
import gradus.train.generate.constrain.Regex;
import gradus.train.generate.constrain.RegexSyntax;
import gradus.train.run.Line;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// How the tokens of a text are found, where they are not simply drawn.
public final class DecodingOptions {
    private static final int DRAFT_TOKENS = 4;
    private static final double ALPHA = 0.1;

    @Option(
            names = "--regex",
            paramLabel = "<expression>",
            description = "write only what matches this regular expression as a whole")
    private String regex;

    @Option(
            names = "--json-schema",
            paramLabel = "<file>",
            description = "write only JSON that this schema allows; what is supported stands in JsonSchema's page")
    private Path jsonSchema;

    @Option(
            names = "--draft",
            paramLabel = "<path>",
            description = "speculative decoding: this smaller model with the same tokenizer writes ahead, and the model"
                    + " checks several tokens at once; the text has the same distribution and comes sooner")
    private Path draft;

    @Option(
            names = "--draft-tokens",
            paramLabel = "<n>",
            description = "how many tokens --draft writes ahead; default " + DRAFT_TOKENS)
    private Integer draftTokens;

    @Option(
            names = "--amateur",
            paramLabel = "<path>",
            description =
                    "contrastive decoding: prefer what the model finds likelier than this poorer one with the same"
                            + " tokenizer does")
    private Path amateur;

    @Option(
            names = "--alpha",
            paramLabel = "<number>",
            description = "of --amateur: keep tokens at least so many times as likely as the likeliest; default 0.1")
    private Double alpha;

    @Option(
            names = "--guidance",
            paramLabel = "<scale>",
            description = "classifier-free guidance: above 1 keeps to the prompt more than the model would")
    private Double guidance;

    @Option(
            names = "--negative-prompt",
            paramLabel = "<text>",
            description = "of --guidance: away from what would follow this text; default away from what would follow"
                    + " no prompt")
    private String negativePrompt;

    private Regex language;

    /// Refuses what does not go together, and reads the language.
    ///
    /// @param searches whether the command looks for one of several texts
    public void check(boolean searches) {
        List<String> given = given();
        if (given.size() > 1) {
            throw new UsageException(
                    "%s and %s are two ways to find tokens; leave out one".formatted(given.get(0), given.get(1)));
        }
        if (searches && !given.isEmpty()) {
            throw new UsageException("--beams and --best-of draw plainly; leave out " + given.getFirst());
        }
        requireBeside("--draft-tokens", draftTokens, "--draft", draft);
        requireBeside("--alpha", alpha, "--amateur", amateur);
        requireBeside("--negative-prompt", negativePrompt, "--guidance", guidance);
        if (draftTokens != null && draftTokens < 1) {
            throw new UsageException("--draft-tokens must be at least 1; got " + draftTokens);
        }
        if (alpha != null && !(alpha > 0 && alpha <= 1)) {
            throw new UsageException("--alpha must be in (0, 1]; got " + alpha);
        }
        if (guidance != null && !(guidance >= 0 && Double.isFinite(guidance))) {
            throw new UsageException("--guidance must be a number of at least 0; got " + guidance);
        }
        try {
            language =
                    regex != null ? RegexSyntax.parse(regex) : jsonSchema != null ? JsonSchema.read(jsonSchema) : null;
        } catch (ConfigException wrong) {
            throw new UsageException(name() + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void requireBeside(String name, Object value, String other, Object there) {
        if (value != null && there == null) {
            throw new UsageException(name + " belongs to " + other + "; give both or none");
        }
    }

    private List<String> given() {
        List<String> given = new ArrayList<>();
        Object[] values = {regex, jsonSchema, draft, amateur, guidance};
        String[] names = {"--regex", "--json-schema", "--draft", "--amateur", "--guidance"};
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                given.add(names[i]);
            }
        }
        return given;
    }

    /// Whether tokens are simply drawn.
    public boolean plain() {
        return given().isEmpty();
    }

    /// The option that is given.
    public String name() {
        return given().getFirst();
    }

    /// What was chosen, for the texts of one prompt.
    public interface Chosen extends Decoding {
        /// Whether the last text is in the language that was asked for, and not cut in the middle.
        default boolean whole() {
            return true;
        }

        /// The lines that are to be said at the end.
        default List<String> summary() {
            return List.of();
        }
    }

    /// @throws UsageException if another model does not fit, or the language has no text for these tokens
    public Chosen open(Writer writer, String prompt) {
        LanguageModel model = writer.model();
        IntPredicate drawable = writer.drawable();
        try {
            if (language != null) {
                Generator generator = new Generator(model, writer.sampling()).drawing(drawable);
                return new Constrained(generator, writer.constraint(language, prompt), name(), writer.limit());
            }
            if (draft != null) {
                int ahead = Objects.requireNonNullElse(draftTokens, DRAFT_TOKENS);
                SpeculativeGenerator drafting =
                        new SpeculativeGenerator(model, other(draft, writer), ahead, writer.sampling(), drawable);
                return new Bounded(drafting, name(), () -> speed(drafting.report()));
            }
            Decoding decoding;
            if (amateur != null) {
                double bound = Objects.requireNonNullElse(alpha, ALPHA);
                decoding = new ContrastiveGenerator(model, other(amateur, writer), bound, writer.sampling(), drawable);
            } else if (guidance != null) {
                int[] beside = negativePrompt == null ? new int[0] : writer.start(negativePrompt);
                decoding = new GuidedGenerator(model, guidance, beside, writer.sampling(), drawable);
            } else {
                return new Generator(model, writer.sampling()).drawing(drawable)::generate;
            }
            return new Bounded(decoding, name(), List::of);
        } catch (ConfigException wrong) {
            throw new UsageException(name() + ": " + wrong.getMessage(), wrong);
        }
    }

    private LanguageModel other(Path path, Writer writer) {
        SavedModel saved = SavedModel.open(path);
        String own = Tokenizers.fingerprint(writer.text().tokenizer());
        if (!own.equals(Tokenizers.fingerprint(saved.tokenizer()))) {
            throw new UsageException(name() + " " + path + ": has another tokenizer than the model of --run");
        }
        return saved.model();
    }

    private static final class Constrained implements Chosen {
        private final Generator generator;
        private final Constraint constraint;
        private final String name;
        private final int limit;
        private boolean whole = true;
        private boolean allWhole = true;

        Constrained(Generator generator, Constraint constraint, String name, int limit) {
            this.generator = generator.constrained(constraint);
            this.constraint = constraint;
            this.name = name;
            this.limit = limit;
        }

        @Override
        public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
            int[] tokens = generator.generate(prompt, limit, rng, onToken);
            whole = constraint.complete(tokens);
            allWhole &= whole;
            return tokens;
        }

        @Override
        public boolean whole() {
            return whole;
        }

        @Override
        public List<String> summary() {
            return allWhole
                    ? List.of()
                    : List.of("gradus: a text ended before all of what " + name + " asks for was written: the limit"
                            + " is " + limit + " tokens; raise --tokens, or leave out --stop");
        }
    }

    private static List<String> speed(SpeculativeGenerator.Report report) {
        if (report.tested() == 0) {
            return report.passes() == 0
                    ? List.of()
                    : List.of("no token was drafted in " + report.passes() + " passes of the model");
        }
        return List.of(Line.format(
                "accepted %.1f %% of %d drafted tokens; %.2f tokens for each of %d passes of the model",
                100 * report.acceptRate(), report.tested(), report.tokensPerPass(), report.passes()));
    }

    /// One that ends where the context does, and says so.
    private static final class Bounded implements Chosen {
        private final Decoding decoding;
        private final String name;
        private final Supplier<List<String>> more;
        private boolean cut;

        Bounded(Decoding decoding, String name, Supplier<List<String>> more) {
            this.decoding = decoding;
            this.name = name;
            this.more = more;
        }

        @Override
        public int[] generate(int[] prompt, int limit, Rng rng, IntPredicate onToken) {
            boolean[] goesOn = {true};
            int[] tokens = decoding.generate(prompt, limit, rng, token -> {
                goesOn[0] = onToken.test(token);
                return goesOn[0];
            });
            cut |= goesOn[0] && tokens.length < limit;
            return tokens;
        }

        @Override
        public List<String> summary() {
            List<String> all = new ArrayList<>(more.get());
            if (cut) {
                all.add("gradus: a text ended before --tokens, where the model's context ends: with " + name
                        + " it does not slide on");
            }
            return all;
        }
    }
}
