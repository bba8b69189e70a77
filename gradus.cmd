@echo off
rem Gradus on the command line, for Windows: finds a JDK 25 or newer, builds what is missing or stale, runs the program.
rem   GRADUS_JAVA_OPTS    further options for the JVM, as in GRADUS_JAVA_OPTS=-Xmx8g
rem   GRADUS_BACKEND      cpu (the default) or cuda: which ND4J backend stands on the class path
rem   GRADUS_MAVEN_OPTS   further arguments for Maven, as in GRADUS_MAVEN_OPTS=-o
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
if "%root:~-1%"=="\" set "root=%root:~0,-1%"

rem --- the JDK
set "jdk="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :consider "%%~dp$PATH:J.."
for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%USERPROFILE%\.jdks" "%USERPROFILE%\.sdkman\candidates\java" "%USERPROFILE%\scoop\apps") do (
  if exist "%%~R" for /d %%J in ("%%~R\*") do call :consider "%%~J"
)
if not defined jdk (
  echo gradus: no JDK 25 or newer found in JAVA_HOME, on the PATH or in the usual folders; install one ^(https://adoptium.net^) or point JAVA_HOME at it 1>&2
  exit /b 1
)

rem --- the build
if not defined GRADUS_BACKEND set "GRADUS_BACKEND=cpu"
if /i "%GRADUS_BACKEND%"=="cpu" (
  set "profile="
  set "classpath_name=classpath.txt"
) else if /i "%GRADUS_BACKEND%"=="cuda" (
  set "profile=-Pcuda"
  set "classpath_name=classpath-cuda.txt"
) else (
  echo gradus: GRADUS_BACKEND must be cpu or cuda; got %GRADUS_BACKEND% 1>&2
  exit /b 1
)
set "module=train"
set "main=gradus.train.cli.Main"
if "%~1"=="bench" (
  set "module=bench"
  set "main=gradus.bench.Main"
)
if "%~1"=="learn" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1"=="shell" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1"=="lab" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1"=="chunk" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1"=="rag" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1"=="prompt" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1 %~2"=="data self-instruct" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
if "%~1 %~2"=="data evolve" (
  set "module=lessons"
  set "main=gradus.lessons.learn.cli.Main"
)
set "target=%root%\%module%\target"
set "classpath_file=%target%\%classpath_name%"

rem Stale: no class path yet, one of another folder, or a source, resource or pom that is newer.
powershell -NoProfile -ExecutionPolicy Bypass -Command ^
  "$f = $env:classpath_file; if (-not (Test-Path -LiteralPath $f)) { exit 1 };" ^
  "if ((Get-Content -LiteralPath $f -Raw) -notlike ('*' + $env:root + '\*')) { exit 1 };" ^
  "$t = (Get-Item -LiteralPath $f).LastWriteTimeUtc;" ^
  "$poms = Get-ChildItem -Path ($env:root + '\pom.xml'), ($env:root + '\*\pom.xml');" ^
  "$sources = Get-ChildItem -Path ($env:root + '\*\src\main') -Recurse;" ^
  "if (@($poms) + @($sources) | Where-Object { $_.LastWriteTimeUtc -gt $t }) { exit 1 }"
if errorlevel 1 (
  call :build
  if errorlevel 1 exit /b 1
)
for /f "usebackq delims=" %%L in ("%classpath_file%") do set "libraries=%%L"

rem --- the program; the class path is too long for a command line of Windows, so it goes through a variable
set "CLASSPATH=%target%\classes;%libraries%"
set "program=%main%"
set "ORT_DISABLE_TELEMETRY=1"
if "%module%"=="bench" (
  "%jdk%\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:MaxNewSize=64m -Djava.awt.headless=true %GRADUS_JAVA_OPTS% %program% %2 %3 %4 %5 %6 %7 %8 %9
  exit /b %errorlevel%
)
"%jdk%\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:MaxNewSize=64m -XX:MaxRAMPercentage=25 -Dorg.bytedeco.javacpp.maxBytes=240%% -Dorg.bytedeco.javacpp.maxPhysicalBytes=320%% -Djava.awt.headless=true %GRADUS_JAVA_OPTS% %program% %*
exit /b %errorlevel%

rem Takes the folder if none is taken yet and it holds a JDK 25 or newer, which says its version in the file `release`.
:consider
if defined jdk exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f tokens^=2^ delims^=^=.^" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do if %%V GEQ 25 set "jdk=%~1"
exit /b 0

:build
where mvn >nul 2>&1
if errorlevel 1 (
  echo gradus: Maven is needed to build and was not found on the PATH; install it ^(https://maven.apache.org^) 1>&2
  exit /b 1
)
if not exist "%target%" mkdir "%target%"
echo gradus: building with %jdk%; the first time, Maven also downloads about 150 to 240 MB 1>&2
setlocal
set "JAVA_HOME=%jdk%"
pushd "%root%"
call mvn -B -ntp %profile% %GRADUS_MAVEN_OPTS% -pl %module% -am -Dmaven.test.skip=true -Dspotless.check.skip=true package >"%target%\build.log" 2>&1
set "built=%errorlevel%"
popd
if not "%built%"=="0" (
  findstr /b "[ERROR]" "%target%\build.log" 1>&2
  echo gradus: the build failed; all of Maven's output is in %target%\build.log 1>&2
)
endlocal & exit /b %built%
