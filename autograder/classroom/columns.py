"""Every column of every CSV file that is read or written, for all platforms, as data; and how such files are written.

Sources: Moodle's language packs (`moodle.php`: firstname, lastname, fullname, email, idnumber, username, group, grade,
gradenoun, no; `assign.php`: recordid, hiddenuser, participant, submissionteam, https://github.com/mudrd8mz/moodle-lang,
https://github.com/projectestac/moodle-langpacks and https://github.com/moodle/moodle); Canvas's
`lib/gradebook_exporter.rb`, `lib/gradebook_importer.rb` and its list of groups (`name, canvas_user_id, user_id,
login_id, sections, group_name, canvas_group_id, group_id`); Blackboard's, Brightspace's (`OrgDefinedId`), Sakai's,
Gradescope's (`SID`), Google's and GitHub Classroom's exports; nbgrader's (`id, first_name, last_name, email,
lms_user_id`).
"""

# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


def plain(text: str) -> str:
    """Return a column's name for comparing: one case, one form of each letter, words parted by one space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(sign if _in_word(sign) else " " for sign in folded).split())


def _in_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN" or sign == "\N{DEGREE SIGN}"


# What is written: what columns are called, and what each holds of a `Standing`, or of a `Person` in rows of students.
Columns = dict[str, Callable[[Any], Any]]

# A row for each student and assignment: nbgrader's columns under its own names, so that what reads its export reads
# this; the last two are ours.
MARKS: Columns = {
    "assignment": lambda mark: mark.assignment,
    "duedate": lambda mark: str(mark.due or ""),
    "timestamp": lambda mark: str((mark.record and mark.record.handed_in) or ""),
    "student_id": lambda mark: mark.student,
    "last_name": lambda mark: mark.person.last_name,
    "first_name": lambda mark: mark.person.first_name,
    "email": lambda mark: mark.person.email,
    "raw_score": lambda mark: mark.raw,
    "late_submission_penalty": lambda mark: mark.penalty,
    "score": lambda mark: mark.score,
    "max_score": lambda mark: mark.max_points,
    "status": lambda mark: mark.status,
    "late": lambda mark: "late" if mark.late else "",
}
# A row for each student: these, a column for each assignment, and the total.
COURSE: Columns = {
    "student_id": lambda person: person.id,
    "last_name": lambda person: person.last_name,
    "first_name": lambda person: person.first_name,
    "email": lambda person: person.email,
}
TOTAL = "total"
# A row for each student: these of the columns of marks, a column for each item of one assignment, and these.
BEFORE_ITEMS, BEHIND_ITEMS = (
    ("student_id", "last_name", "first_name", "status"),
    ("late_submission_penalty", "score"),
)
# Canvas's gradebook: these, then a column for each assignment. Who has no number there is found by login or name.
CANVAS: Columns = {
    "Student": lambda person: person.sortable_name,
    "ID": lambda person: person.number,
    "SIS User ID": lambda _: "",
    "SIS Login ID": lambda person: "" if person.number else person.id,
    "Section": lambda _: "",
}
# Moodle's gradebook: these, then a column for each assignment.
MOODLE: Columns = {
    "First name": lambda person: person.first_name,
    "Last name": lambda person: person.last_name,
    "ID number": lambda person: person.id,
    "Email address": lambda person: person.email,
}
MOODLE_GRADE = "Assignment: {} (Real)"
# Moodle's grading worksheet of one assignment.
WORKSHEET: Columns = {
    "Identifier": lambda mark: f"Participant {mark.participant}",
    "Full name": lambda mark: mark.person.name or mark.student,
    "Email address": lambda mark: mark.person.email,
    "Status": lambda _: "Submitted for grading",
    "Grade": lambda mark: mark.final,
    "Maximum Grade": lambda mark: mark.max_points,
    "Grade can be changed": lambda _: "Yes",
    "Last modified (submission)": lambda mark: mark.hand_in.time,
    "Last modified (grade)": lambda _: "",
}
# The columns by which a platform finds a student: texts in them go in as they are.
CANVAS_EXACT, MOODLE_EXACT, WORKSHEET_EXACT = (
    ("ID", "SIS Login ID"),
    ("ID number", "Email address"),
    ("Identifier",),
)

# What is read of Canvas's gradebook beside the columns above.
CANVAS_NAMES = ("LastName", "FirstName")  # in place of `Student`
CANVAS_SIS = ("SIS Login ID", "SIS User ID", "Integration ID")
CANVAS_POINTS = "    Points Possible"
CANVAS_TITLE = re.compile(r"(?P<title>.*?)(?: \(\d+\))?")
CANVAS_KEPT = {
    "ex": "left as they were: excused in Canvas",
    "n/a": "left as they were: not assigned in Canvas",
}

# What Moodle's language packs call the column of grades.
_GRADE = """
    grade arviointi betyg bewertung calificación cijfer cualificación einkunn graad gradd grado
    gred grád hinne kalifikazioa karakter marka māka nilai not nota note notă ocena ocjena pont
    qualificació valutazione vlerësimi vērtējums známka įvertinimas βαθμός оцена оценка оцінка
    адзнака үнэлгээ գնահատական ציון درجة الدرجة درجہ نمره ग्रेड श्रेणी தரம் คะแนนที่ได้ შეფასება ពិន្ទុ
    成績 成绩 评分 評点 評定 등급 성적 avaliação vurdering điểm
"""
# What they say instead of "no" where a grade cannot be changed.
_NO = """
    no ei ez hayır hindi ikai jo kao kāo leai na ne nee nei nein nej nem nie non nu não nē nōn tidak
    όχι жоқ не нет ні үгүй ոչ לא خیر لا نہیں ނޫން नहीं नाही ના இல்லை ಬೇಡ නැත ไม่ མེན არა ទេ 否 いいえ 아니오 아니요
"""
# What they call somebody whose name is hidden, before a number, in worksheets and (`clean_filename`) in names of files.
PARTICIPANT = re.compile(
    "participante?s?|participantă|teilnehmer(in)?|teilnehmer(innen|ende)|partecipante|deelnemer|uczestnik|účastník|"
    "sudionik|udeleženec|deltagare|deltager|deltak[ea]r|osallistuja|участник|учасник|учесник|kat\u0131l\u0131mc\u0131|"
    "参与者|参加者|參與者|参与人|참가자|참여자|résztvevő|συμμετέχων|συμμετέχοντας|partaidea|osalej[an]|osaleja|dalībnieks|dalyvis|"
    "(ال)?مشارك|شریک|משתתף|\u0634\u0631\u06a9\u062a\u200c?\u06a9\u0646\u0646\u062f\u0647"
)
# Rows about nobody, who teaches and who studies, cells that name no group, and what stands between two sections.
NOBODY = re.compile(
    r"points possible|student, test|test student|manual posting.*|\(read only\)|.*_previewuser|[0-9a-f]{40}"
)  # Canvas's test student, whose name is translated, logs in by a digest; Blackboard's is `..._previewuser`
TEACHES = re.compile(
    r"\b(teacher|instructor|professor|designer|observer|grader|reader|teaching assistant|ta|dozent|trainer|lehrende|"
    r"docente|profesor|enseignant|professeur|insegnante|leraar|docent|nauczyciel|prowadzący)", re.IGNORECASE
)  # fmt: skip
STUDIES = re.compile(
    r"stud|learner|teilnehm|étud|élève|alumn|estud|aluno|uczest|deelnem|学生|學生|participa", re.IGNORECASE
)
NO_GROUP = re.compile(r"|-|none|no group|default group|keine gruppe|standardgruppe|unassigned", re.IGNORECASE)
AND = re.compile(r",? (?:and|und|et|y|e|en|och|og|i) |, ?")

# Field -> what it is called, as `plain` spells it. A word that can mean two things is in `UNCLEAR`.
FIELDS = {
    "id": "roster identifier|student id|studentid|student number|student no|student nr|studentnumber",
    "login": (
        "sis login id|login id|login|loginid|username|user name|netid|net id|uniqname|onyen|utorid|eid|uid|"
        "account|display id|kerberos|github username|benutzername|anmeldename|kennung|nutzername|"
        "benutzerkennung|nombre de usuario|usuario|nom d utilisateur|nom utilisateur|identifiant|"
        "nome utente|gebruikersnaam|nazwa użytkownika|nome de utilizador|nome de usuário|utilizador|"
        "usuário|uživatelské jméno|användarnamn|brugernavn|brukernavn|käyttäjätunnus|логин|"
        "имя пользователя|логін|kullanıcıadı|kullanıcı adı|用户名|帳號|使用者名稱|ユーザ名|ユーザー名|"
        "사용자 아이디|아이디|felhasználónév|utilizator|nume utilizator|όνομα χρήστη|nom d usuari|"
        "erabiltzaile izena|nome de usuario|korisničko ime|používateľské meno|uporabniško ime|اسم المستخدم|"
        "שם משתמש|نام کاربری|kí danh|tên đăng nhập|vartotojo vardas|lietotājvārds|kasutajanimi|"
        "naudotojo vardas|nume de utilizator|صارف نام"
    ),
    "sis": (
        "sis user id|sis id|id number|idnumber|sid|orgdefinedid|org defined id|user id|"
        "matriculation number|registration number|enrollment number|roll number|roll no|index number|"
        "university id|emplid|puid|banner id|integration id|id nummer|matrikelnummer|matrikel nr|"
        "matrikelnr|matr nr|matrnr|matrikel|número de id|número de identificación|matrícula|"
        "numéro d identification|numéro étudiant|numéro d étudiant|n° étudiant|no étudiant|code permanent|"
        "numero id|matricola|numero di matricola|nummer id|studentnummer|studienummer|numer id|"
        "numer indeksu|nr albumu|código de identificação|número de identificação|número de aluno|"
        "número mecanográfico|número de matrícula|id broj|osobní číslo|opiskelijanumero|tunnistenumero|"
        "индивидуальный номер|номер зачетной книжки|індивідуальний номер|id numarası|öğrenci no|"
        "öğrenci numarası|id号码|学号|學號|識別號碼|idナンバー|学籍番号|学生番号|id 번호|학번|"
        "azonosítószám|neptun kód|număr id|αριθμός ταυτότητας|αριθμός μητρώου|número id|id zenbakia|"
        "číslo id|identifikacijska številka|vpisna številka|رقم بطاقة التعريف|الرقم الجامعي|מספר זיהוי|"
        "תעודת זהות|کد شناسائی|شماره دانشجویی|mã số id|mã số sinh viên|mssv|id numeris|id numurs|"
        "رقم المُعرَّف|idナンバ|codice identificativo|número de identificação id|αναγνωριστικός αριθμός|آئی ڈی نمبر"
    ),
    "number": "lms user id|lms id|canvas id|canvas user id|canvas user",
    "participant": (
        "identifier|id submission|anonymous id|teilnehmer in|teilnehmer|teilnehmernummer|bezeichner|"
        "kennzeichner|identificador|identificatore|identificateur|identificatie|identyfikator|"
        "identifikátor|идентификатор|ідентифікатор|tanımlayıcı|标识符|识别符|識別碼|識別子|식별자|"
        "deelnemer|participante|partecipante|uczestnik|"
        "المُعرَّف|identifikatzailea|identificativo|identifikatorius|identifierare|identificator|αναγνωριστικό|شناخت کنندہ"
    ),
    "first_name": (
        "first name|firstname|given name|given names|forename|forenames|preferred name|first|vorname|"
        "vornamen|prénom|prénoms|voornaam|imię|imiona|křestní jméno|förnamn|fornavn|etunimi|имя|ім я|isim|"
        "prenume|keresztnév|utónév|krstné meno|vardas|vārds|eesnimi|izena|nombres|nombre s|nombre de pila|"
        "الاسم الأول|שם פרטי|tên đệm và tên|tên|名字"
    ),
    "last_name": (
        "last name|lastname|surname|family name|last|sur name|nachname|familienname|zuname|nom de famille|"
        "cognome|achternaam|nazwisko|apellido|apellidos|apellido s|apelido|apelidos|sobrenome|příjmení|"
        "efternamn|efternavn|etternavn|sukunimi|фамилия|прізвище|soyad|soyadı|soyisim|姓|姓氏|성|"
        "vezetéknév|családnév|nume de familie|επώνυμο|cognoms|deitura|prezime|priezvisko|priimek|pavardė|"
        "uzvārds|perekonnanimi|الاسم الأخير|اسم العائلة|שם משפחה|نام خانوادگی|họ"
    ),
    "name": (
        "student|students|student name|full name|fullname|name of student|learner|user full name|"
        "vollständiger name|nutzername vollständig|nutzer in|studierende|studierende r|nombre completo|"
        "nombre completo del usuario|nombre y apellidos|nom complet|nom et prénom|étudiant|étudiant e|"
        "étudiants|nome completo|nome e cognome|nome completo dell utente|nominativo|studente|"
        "volledige naam|volledige naam van de gebruiker|pełna nazwa|imię i nazwisko|nazwisko i imię|"
        "student ka|nome completo do utilizador|celý název|celé jméno|jméno a příjmení|hela namnet|"
        "fullständigt namn|namn|fulde navn|fullt navn|navn|koko nimi|nimi|полное имя|фио|повне ім я|піб|"
        "tam adı|adı soyadı|ad soyad|姓名|全名|名稱|学生|學生|学生姓名|氏名|名前|名称|ユーザフルネーム|"
        "フルネーム|전체 이름|이용자 성명|성명|학생|teljes név|név|nume şi prenume|nume și prenume|"
        "πλήρες όνομα|ονοματεπώνυμο|nom complet de l usuari|izen osoa|puno ime|ime i prezime|celé meno|"
        "meno a priezvisko|polno ime|ime in priimek|الاسم كاملا|الاسم الكامل|שם מלא|نام کامل|"
        "نام و نام خانوادگی|họ và tên|họ tên|pilnas pavadinimas|vardas pavardė|pilnais nosaukums|täisnimi|"
        "apellidos y nombre|nome do aluno|aluno|alumno|estudiante|estudante|"
        "ًالاسم كاملا|nume complet|πλήρες όνομα χρήστη|visas naudotojo vardas|پورا نام|صارف کا پورا نام"
    ),
    "email": (
        "email|email address|e mail|mail|e mail address|mail address|primary email|student email|"
        "e mail adresse|mailadresse|dirección de correo|correo|correo electrónico|"
        "dirección de correo electrónico|adresse de courriel|courriel|adresse e mail|adresse électronique|"
        "adresse mail|adresse email|indirizzo email|indirizzo e mail|e mailadres|emailadres|adres e mail|"
        "adres email|endereço de correio electrónico|endereço de correio eletrónico|endereço de email|"
        "endereço de e mail|correio eletrónico|e mailová adresa|emailová adresa|e postadress|e post|"
        "e postadresse|sähköpostiosoite|sähköposti|адрес электронной почты|электронная почта|почта|"
        "електронна пошта|e posta|e posta adresi|电子邮件|邮箱|电子邮箱|电子邮件地址|電子郵件|電子郵件信箱|"
        "メールアドレス|メール|이메일|이메일 주소|e mail cím|adresă email|adresă de email|"
        "διεύθυνση ηλεκτρονικού ταχυδρομείου|correu electrònic|adreça electrònica|e posta helbidea|"
        "enderezo de correo electrónico|email adresa|e mail adresa|naslov e pošte|عنوان البريد الإلكتروني|"
        "البريد الإلكتروني|כתובת דואר אלקטרוני|דוא ל|آدرس پست الکترونیک|ایمیل|thư điện tử|el pašto adresas|"
        "e pasta adrese|e posti aadress|"
        "διεύθυνση ηλε ταχυδρομείου|helbide elektronikoa|enderezo de correo|adresa de e mail|ای میل اڈریس"
    ),
    "section": (
        "section|sections|class|sektion|section name|course section|tutorial|lab section|bereich|sección|"
        "sezione"
    ),
    "group": (
        "group|groups|group name|groupname|team|teams|group names|gruppe|gruppen|abgabegruppe|grupo|grupos|"
        "equipo|groupe|groupes|équipe|gruppo|gruppi|squadra|groep|groepen|grupa|grupy|zespół|equipe|"
        "skupina|skupiny|grupp|grupper|ryhmä|ryhmät|группа|группы|група|групи|grup|gruplar|小组|群組|组|"
        "グループ|모둠|그룹|csoport|csoportok|grupuri|ομάδα|ομάδες|grups|taldea|taldeak|grupe|skupine|"
        "مجموعة|مجموعات|קבוצה|קבוצות|گروه|گروه ها|nhóm|rühm|rühmad|grupas|"
        "المجموعة|grupė|گروپ"
    ),
    "group_id": "canvas group id|group id",
    "role": "role|roles|rolle|rollen|rol|roles en el curso|rôle|rôles|ruolo|ruoli",
}
# Words that mean a person's last name beside a first name, the first beside a last one, else the whole name.
UNCLEAR = frozenset("name|nom|nome|nombre|jméno|meno|ime|nume|ad|adı|όνομα|이름|名|שם|نام|الاسم".split("|"))  # noqa: SIM905
IN_WORDS = {
    "number": "Canvas's number",
    "sis": "ID number",
    "email": "e-mail address",
}  # as a person is told of them
_FIELD = {plain(word): field for field, words in FIELDS.items() for word in words.split("|")}
_NUMBERED = re.compile(r"(?P<word>\D+?)(?P<space>\s*)(?P<number>\d+)")
_MOST_TITLES = 40  # rows that may stand before the header


@dataclass(frozen=True)
class Dialect:
    """How a file is written: `encoding` as Python calls it, `decimal` a comma or a point, `first` what stands before
    the first row, as in `sep=;`, `quoted` whether every cell is in quotation marks.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    line_end: str = "\n"
    first: str = ""
    quoted: bool = False


# Excel on Windows reads UTF-8 only behind a byte-order mark; where decimals have a comma, it parts cells by semicolons.
EXCEL = {
    "comma": Dialect(encoding="utf-8-sig", line_end="\r\n"),
    "semicolon": Dialect(encoding="utf-8-sig", delimiter=";", decimal=",", line_end="\r\n"),
}
DELIMITERS = ",;\t|"


def is_grade(header: str) -> bool:
    """Tell whether a column has grades, by its name in Moodle's languages."""
    return plain(header) in map(plain, _GRADE.split())


def is_no(cell: str) -> bool:
    """Tell whether a cell says no in one of Moodle's languages."""
    return plain(cell) in map(plain, _NO.split())


def find(header: Sequence[str]) -> dict[str, list[int]]:
    """Return where each known field stands in a header row; a field may have several columns."""
    names = [plain(cell) for cell in header]
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        field = _FIELD.get(name, "") if name != "id" else "number" if _is_canvas(names) else "id"
        if field and name not in UNCLEAR:
            found.setdefault(field, []).append(place)
    for place, name in enumerate(names):
        if name in UNCLEAR:
            found.setdefault(_meaning(found), []).append(place)
    return found


def header_of(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, list[int]]]:
    """Return which row is the header, behind any title lines, and what its columns are; -1 if none is one."""
    found = [find(row) for row in rows[:_MOST_TITLES]]
    where = max(range(len(found)), key=lambda place: (len(found[place]), -place), default=-1)
    return (where, found[where]) if where >= 0 and found[where] else (-1, {})


def _is_canvas(names: Sequence[str]) -> bool:
    """Canvas's `ID` is its own number for a person; everybody else's is the person's."""
    return "student" in names or any(name.startswith("sis ") for name in names)


def _meaning(found: dict[str, list[int]]) -> str:
    if ("first_name" in found) != ("last_name" in found):
        return "last_name" if "first_name" in found else "first_name"
    return "name"


def participant_in(text: str) -> str:
    """Return the number of whom Moodle calls by one, as in `Participant 77` or `参加者77`; nothing of anything else."""
    match = _NUMBERED.fullmatch(text)
    if not match or (not match["space"] and match["word"].islower()):  # `participant77` is somebody's login
        return ""
    return match["number"] if PARTICIPANT.fullmatch(plain(match["word"]).replace(" ", "")) else ""
