package gradus.lessons.retrieve.chunk.structure;

/// The comments in front of a declaration in Java.
final class Comments {
    private Comments() {}

    /// Where they begin: at the first of the lines straight above that are comments.
    ///
    /// @param after does not go back beyond this place
    static int above(String source, int declaration, int after) {
        int begin = lineStart(source, declaration);
        if (begin < after || !source.substring(begin, declaration).isBlank()) {
            return declaration;
        }
        int found = declaration;
        while (begin > after) {
            int line = lineStart(source, begin - 1);
            if (line < after || !isComment(source.substring(line, begin).strip())) {
                break;
            }
            begin = line;
            found = line;
        }
        return found;
    }

    private static boolean isComment(String line) {
        return line.startsWith("//") || line.startsWith("*") || line.startsWith("/*");
    }

    private static int lineStart(String source, int place) {
        return source.lastIndexOf('\n', place - 1) + 1;
    }
}
