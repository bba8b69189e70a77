package gradus.tokenizer.text;

import java.util.BitSet;

/// The characters that BERT's rules treat as an older Unicode does.
///
/// Hugging Face's BERT parts take "control", "nonspacing mark" and "punctuation" from tables of about Unicode 8 and
/// decompose by tables of about Unicode 9; Java 25 knows Unicode 16. A model's ids depend on the rule it was trained
/// with, so characters that came later are left alone here too. The lists are the differences found by putting every
/// code point through both (huggingface/tokenizers 0.23.2 and Java 25). A later Java may know more characters; these
/// stay as listed, and new ones are Java's affair.
public final class BertUnicode {
    private static final BitSet NEW_FORMATS = CodePointSets.of("890-891 8E2 110CD 13430-1343F");
    private static final BitSet NEW_MARKS =
            CodePointSets.of("7FD 897-89F 8CA-8E1 9FE AFA-AFF B55 C04 C3C D00 D3B-D3C D81 EBA ECE 180F 1885-1886 "
                    + "1ABF-1ACE 1DF6-1DFB A82C A8C5 A8FF A9BD 105C9 105E4 10D24-10D27 10D69-10D6D 10EAB-10EAC "
                    + "10EFC-10EFF 10F46-10F50 10F82-10F85 11070 11073-11074 110C2 111C9 111CF 1123E 11241 "
                    + "1133B 11383 11385 1138E 11391 113BB-113C0 113C5 113C7-113C8 113CE 113D0 113D2 "
                    + "113E1-113E2 11438-1143F 11442-11444 11446 1145E 1182F-11837 11839-1183A 11938 "
                    + "1193B-1193C 1193E 11943 119D4-119D7 119DA-119DB 119E0 11A01-11A0A 11A33-11A38 "
                    + "11A3B-11A3E 11A47 11A51-11A56 11A59-11A5B 11A8A-11A96 11A98-11A99 11C30-11C36 "
                    + "11C38-11C3D 11C3F 11C92-11CA7 11CAA-11CB0 11CB2-11CB3 11CB5-11CB6 11D31-11D36 11D3A "
                    + "11D3C-11D3D 11D3F-11D45 11D47 11D90-11D91 11D95 11D97 11EF3-11EF4 11F00-11F01 "
                    + "11F36-11F3A 11F40 11F42 11F5A 13440 13447-13455 1611E-16129 1612D-1612F 16D68-16D6A "
                    + "16F4F 16FE4 1CF00-1CF2D 1CF30-1CF46 1E000-1E006 1E008-1E018 1E01B-1E021 1E023-1E024 "
                    + "1E026-1E02A 1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF 1E5EE-1E5EF 1E944-1E94A");
    private static final BitSet NEW_PUNCTUATION =
            CodePointSets.of("61D 9FD A76 C77 C84 1B4E-1B4F 1B7D-1B7F 2E43-2E4F 2E52-2E5D 10D6E 10EAD 10F55-10F59 "
                    + "10F86-10F89 113D4-113D5 113D7-113D8 1144B-1144F 1145A-1145B 1145D 11660-1166C 116B9 "
                    + "1183B 11944-11946 119E2 11A3F-11A46 11A9A-11A9C 11A9E-11AA2 11B00-11B09 11BE1 "
                    + "11C41-11C45 11C70-11C71 11EF7-11EF8 11F43-11F4F 11FFF 12FF1-12FF2 16D6D-16D6F "
                    + "16E97-16E9A 16FE2 1E5FF 1E95E-1E95F");

    private BertUnicode() {}

    /// A control character in the sense of BERT's cleaning: categories Cc, Cf, Cs and Co.
    public static boolean isControl(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.PRIVATE_USE -> true;
            case Character.FORMAT -> !NEW_FORMATS.get(c);
            default -> false;
        };
    }

    /// A mark that stripping accents takes away: category Mn; two have become Mc since.
    public static boolean isNonspacingMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK || c == 0x1734 || c == 0x1171E;
    }

    /// A character, most often a mark, that is younger than the tables: neither decomposed nor taken away.
    public static boolean isNewMark(int c) {
        return NEW_MARKS.get(c);
    }

    /// Categories P*; two have left them since.
    public static boolean isPunctuation(int c) {
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> !NEW_PUNCTUATION.get(c);
            default -> c == 0x166D || c == 0x111C9;
        };
    }
}
