/// Power laws fitted to losses, with intervals. Nothing here trains or reads a file.
package gradus.lessons.lab.fit;
