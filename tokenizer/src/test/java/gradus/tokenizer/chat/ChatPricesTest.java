package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.chat.ChatExpressions.Case;
import gradus.tokenizer.chat.ChatExpressions.Outcome;
import gradus.tokenizer.chat.python.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What each small template needs of each of the [Limits], to the last step: with so much it renders, with one
/// less it is refused in the limit's name. Work that is not paid for is what a hostile template would repeat
/// for ever, so the price of everything is written down, in golden/chat/prices.txt.gz, and changes only on
/// purpose.
class ChatPricesTest {
    private static final int EVERY = 4; // one template in so many

    /// A limit by name.
    enum Limit {
        STEPS("steps", Limits::steps),
        OUTPUT("characters of output", Limits::outputLength),
        STRING("characters in a string", Limits::stringLength),
        LIST("elements in a list", Limits::listSize),
        RECURSION("levels of recursion", Limits::recursion),
        NESTING("levels of nesting", Limits::nesting),
        LENGTH("operators in an expression", Limits::expressionLength),
        TEMPLATE("characters of template", Limits::templateLength);

        private final String words;
        private final ToLongFunction<Limits> usual;

        Limit(String words, ToLongFunction<Limits> usual) {
            this.words = words;
            this.usual = usual;
        }

        Limits at(long value) {
            long[] all = Arrays.stream(values())
                    .mapToLong(limit -> limit == this ? value : limit.usual.applyAsLong(Limits.DEFAULT))
                    .toArray();
            return new Limits(
                    all[0], (int) all[1], (int) all[2], (int) all[3], (int) all[4], (int) all[5], (int) all[6], (int)
                            all[7]);
        }

        long price(String template) {
            long low = 0;
            long high = usual.applyAsLong(Limits.DEFAULT);
            while (low < high) {
                long middle = (low + high) / 2;
                if (ChatExpressions.outcome(template, at(middle)).text() != null) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < ChatExpressions.CASES.size(); i += EVERY) {
            Case each = ChatExpressions.CASES.get(i);
            if (ChatExpressions.outcome(each.template()).text() != null) {
                cases.add(each);
            }
        }
        return cases;
    }

    private static List<long[]> prices() throws IOException {
        try (var in = new GZIPInputStream(ChatPricesTest.class.getResourceAsStream("/golden/chat/prices.txt.gz"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Arrays.stream(line.split(" "))
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTemplateNeedsWhatIsWrittenDownAndNoLess(Limit limit) throws IOException {
        List<long[]> prices = prices();
        List<Case> cases = cases();
        assertThat(prices).hasSameSizeAs(cases);
        var wrong = new ArrayList<String>();
        for (int i = 0; i < cases.size(); i++) {
            String template = cases.get(i).template();
            long price = prices.get(i)[limit.ordinal()];
            boolean enough = ChatExpressions.outcome(template, limit.at(price)).text() != null;
            if (!enough || price > 0 && !refuses(limit, template, price - 1)) {
                wrong.add(template + " needs " + limit.price(template) + " " + limit.words + ", not " + price);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean refuses(Limit limit, String template, long value) {
        Outcome ours = ChatExpressions.outcome(template, limit.at(value));
        return ours.text() == null
                && ours.error().contains("the limit of ")
                && ours.error().contains(limit.words);
    }

    /// Writes the prices anew.
    public static void main(String[] arguments) throws IOException {
        try (var out = new PrintWriter(
                new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0]))), false, StandardCharsets.UTF_8)) {
            for (Case each : cases()) {
                long[] prices = Arrays.stream(Limit.values())
                        .mapToLong(limit -> limit.price(each.template()))
                        .toArray();
                out.println(String.join(
                        " ", LongStream.of(prices).mapToObj(Long::toString).toList()));
            }
        }
    }
}
