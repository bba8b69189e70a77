package gradus.lessons.learn.book;

import org.commonmark.node.CustomBlock;
import org.commonmark.parser.SourceLine;
import org.commonmark.parser.block.AbstractBlockParser;
import org.commonmark.parser.block.AbstractBlockParserFactory;
import org.commonmark.parser.block.BlockContinue;
import org.commonmark.parser.block.BlockStart;
import org.commonmark.parser.block.MatchedBlockParser;
import org.commonmark.parser.block.ParserState;

/// `$$…$$` that begins a line, over as many lines as it takes.
final class FormulaBlock extends CustomBlock {
    private String tex = "";

    String tex() {
        return tex;
    }

    /// Finds where one begins.
    static final class Factory extends AbstractBlockParserFactory {
        @Override
        public BlockStart tryStart(ParserState state, MatchedBlockParser before) {
            CharSequence line = state.getLine().getContent();
            int from = state.getNextNonSpaceIndex();
            boolean begins = state.getIndent() < 4 && line.toString().startsWith("$$", from);
            return begins ? BlockStart.of(new Reader()).atIndex(from) : BlockStart.none();
        }
    }

    private static final class Reader extends AbstractBlockParser {
        private final FormulaBlock block = new FormulaBlock();
        private final StringBuilder text = new StringBuilder();

        @Override
        public FormulaBlock getBlock() {
            return block;
        }

        @Override
        public BlockContinue tryContinue(ParserState state) {
            boolean ended = text.length() > 2 && text.indexOf("$$", 2) > 0;
            return ended ? BlockContinue.none() : BlockContinue.atIndex(state.getIndex());
        }

        @Override
        public void addLine(SourceLine line) {
            text.append(line.getContent()).append('\n');
        }

        /// @throws IllegalArgumentException if nothing ends the formula, or if more follows on its last line
        @Override
        public void closeBlock() {
            String whole = text.toString().strip();
            if (whole.length() < 5 || whole.indexOf("$$", 2) != whole.length() - 2) {
                throw new IllegalArgumentException("a formula on lines of its own must end in $$ and a line's end: "
                        + whole.substring(0, Math.min(whole.length(), 60)));
            }
            block.tex = whole.substring(2, whole.length() - 2);
        }
    }
}
