/// What is searched for in place of the question: rewritten, in several forms, as a made-up answer, or more
/// general.
package gradus.lessons.retrieve.query;
