"""What the columns of a class list are called: in the languages of Moodle and Canvas, and by other systems.

Sources: Moodle's language packs (`moodle.php`: firstname, lastname, fullname, email, idnumber, username, group;
`assign.php`: recordid, participant, submissionteam, https://github.com/mudrd8mz/moodle-lang and
https://github.com/moodle/moodle); Canvas's `lib/gradebook_exporter.rb` and its list of groups (`name,
canvas_user_id, user_id, login_id, sections, group_name, canvas_group_id, group_id`); Blackboard's, Brightspace's
(`OrgDefinedId`), Sakai's, Gradescope's (`SID`) and GitHub Classroom's exports.
"""

# ruff: noqa: RUF001

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# Field -> what it is called, as `plain` spells it. A word that can mean two things is in `_UNCLEAR`.
_WORDS = {
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
        "שם משתמש|نام کاربری|kí danh|tên đăng nhập|vartotojo vardas|lietotājvārds|kasutajanimi"
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
        "תעודת זהות|کد شناسائی|شماره دانشجویی|mã số id|mã số sinh viên|mssv|id numeris|id numurs"
    ),
    "number": "lms user id|lms id|canvas id|canvas user id|canvas user",
    "participant": (
        "identifier|id submission|anonymous id|teilnehmer in|teilnehmer|teilnehmernummer|bezeichner|"
        "kennzeichner|identificador|identificatore|identificateur|identificatie|identyfikator|"
        "identifikátor|идентификатор|ідентифікатор|tanımlayıcı|标识符|识别符|識別碼|識別子|식별자|"
        "deelnemer|participante|partecipante|uczestnik"
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
        "apellidos y nombre|nome do aluno|aluno|alumno|estudiante|estudante"
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
        "e pasta adrese|e posti aadress"
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
        "مجموعة|مجموعات|קבוצה|קבוצות|گروه|گروه ها|nhóm|rühm|rühmad|grupas"
    ),
    "group_id": "canvas group id|group id",
    "role": "role|roles|rolle|rollen|rol|roles en el curso|rôle|rôles|ruolo|ruoli",
}
# Words that mean a person's last name beside a first name, the first beside a last one, else the whole name.
_UNCLEAR = frozenset("name|nom|nome|nombre|jméno|meno|ime|nume|ad|adı|όνομα|이름|名|שם|نام|الاسم".split("|"))  # noqa: SIM905
_FIELD = {word: field for field, words in _WORDS.items() for word in words.split("|")}
_MOST_TITLES = 40  # rows that may stand before the header


def plain(text: str) -> str:
    """Return a column's name for comparing: one case, one form of each letter, words parted by one space."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(sign if _in_word(sign) else " " for sign in folded).split())


def find(header: Sequence[str]) -> dict[str, list[int]]:
    """Return where each known field stands in a header row; a field may have several columns."""
    names = [plain(cell) for cell in header]
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        field = _FIELD.get(name, "") if name != "id" else "number" if _is_canvas(names) else "id"
        if field and name not in _UNCLEAR:
            found.setdefault(field, []).append(place)
    for place, name in enumerate(names):
        if name in _UNCLEAR:
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


def _in_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN" or sign == "\N{DEGREE SIGN}"
