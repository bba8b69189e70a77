/// Demonstrations that nobody has to write: [AutoCot][gradus.lessons.prompt.autocot.AutoCot].
package gradus.lessons.prompt.autocot;
