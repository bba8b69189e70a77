package gradus.lessons.learn.book;

import java.util.Set;
import org.commonmark.node.CustomNode;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/// `$…$` in a line. As in Pandoc, no space follows the first dollar, none stands before the last one, and no
/// digit follows that: so prices stay prices.
final class Formula extends CustomNode {
    private final String tex;

    private Formula(String tex) {
        this.tex = tex;
    }

    String tex() {
        return tex;
    }

    /// Finds them.
    static final class Factory implements InlineContentParserFactory {
        @Override
        public Set<Character> getTriggerCharacters() {
            return Set.of('$');
        }

        @Override
        public InlineContentParser create() {
            return Factory::parsed;
        }

        private static ParsedInline parsed(InlineParserState state) {
            Scanner scanner = state.scanner();
            scanner.next(); // $
            Position from = scanner.position();
            if (Character.isWhitespace(scanner.peek())) {
                return ParsedInline.none();
            }
            while (scanner.find('$') >= 0) {
                Position to = scanner.position();
                int last = scanner.peekPreviousCodePoint();
                scanner.next();
                if (last == '\\') {
                    continue;
                }
                String tex = scanner.getSource(from, to).getContent();
                boolean whole = !tex.isEmpty() && !Character.isWhitespace(last) && !Character.isDigit(scanner.peek());
                return whole ? ParsedInline.of(new Formula(tex), scanner.position()) : ParsedInline.none();
            }
            return ParsedInline.none();
        }
    }
}
