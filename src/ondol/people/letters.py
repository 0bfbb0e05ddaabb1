"""What mails say, in the language of who receives them. They name no building: who reads along learns nothing of it."""

from ondol.common.mail import Mail
from ondol.people.model import MailKind, WaitingMail

_KO = {
    MailKind.INVITATION: (
        "Ondol에 초대합니다",
        "안녕하세요.\n\nOndol에서 사용할 계정으로 초대되었습니다. 아래 링크를 열어 사용자 이름과 비밀번호를 정하세요.\n\n{place}\n\n"
        "링크는 한 번만 쓸 수 있고 7일이 지나면 끝납니다. 모르는 초대라면 이 메일을 지우세요.\n",
    ),
    MailKind.SIGN_UP: (
        "Ondol 이메일 주소 확인",
        "안녕하세요.\n\n이 주소로 Ondol 계정을 신청했습니다. 아래 링크를 열어 신청을 마치세요. 관리자가 승인하면 로그인할 수 있습니다.\n\n"
        "{place}\n\n링크는 한 번만 쓸 수 있고 하루가 지나면 끝납니다. 신청하지 않았다면 이 메일을 지우세요.\n",
    ),
    MailKind.RESET: (
        "Ondol 비밀번호 재설정",
        "안녕하세요.\n\n아래 링크를 열어 새 비밀번호를 정하세요. 그러면 로그인한 모든 곳에서 로그아웃됩니다.\n\n{place}\n\n"
        "링크는 한 번만 쓸 수 있고 한 시간이 지나면 끝납니다. 요청하지 않았다면 이 메일을 지우세요. 비밀번호는 그대로입니다.\n",
    ),
    MailKind.ADDRESS: (
        "Ondol 새 이메일 주소 확인",
        "안녕하세요.\n\n이 주소를 Ondol 계정에 쓰려면 아래 링크를 여세요.\n\n{place}\n\n"
        "링크는 한 번만 쓸 수 있고 하루가 지나면 끝납니다. 요청하지 않았다면 이 메일을 지우세요.\n",
    ),
    MailKind.ADDRESS_CHANGED: (
        "Ondol 이메일 주소가 바뀌었습니다",
        "안녕하세요.\n\nOndol 계정의 이메일 주소가 다른 주소로 바뀌어, 이 주소로는 더 이상 메일을 보내지 않습니다.\n"
        "직접 바꾸지 않았다면 바로 관리자에게 알리세요.\n\n{place}\n",
    ),
    MailKind.APPROVED: (
        "Ondol 계정이 승인되었습니다",
        "안녕하세요.\n\n관리자가 계정을 승인했습니다. 정한 사용자 이름과 비밀번호로 로그인하세요.\n\n{place}\n",
    ),
}
_EN = {
    MailKind.INVITATION: (
        "You are invited to Ondol",
        "Hello,\n\nyou are invited to use Ondol. Open this link and choose a user name and a password:\n\n{place}\n\n"
        "The link works once and ends after 7 days. If you do not know what this is about, delete this mail.\n",
    ),
    MailKind.SIGN_UP: (
        "Confirm your e-mail address for Ondol",
        "Hello,\n\nsomebody asked for an account of Ondol with this address. Open this link to go on; you can sign in once an "
        "administrator has approved it.\n\n{place}\n\n"
        "The link works once and ends after a day. If it was not you, delete this mail.\n",
    ),
    MailKind.RESET: (
        "Choose another password for Ondol",
        "Hello,\n\nopen this link to choose another password. You will be signed out everywhere.\n\n{place}\n\n"
        "The link works once and ends after an hour. If it was not you who asked, delete this mail; the password stays.\n",
    ),
    MailKind.ADDRESS: (
        "Confirm your new e-mail address for Ondol",
        "Hello,\n\nopen this link to use this address for your account of Ondol:\n\n{place}\n\n"
        "The link works once and ends after a day. If it was not you who asked, delete this mail.\n",
    ),
    MailKind.ADDRESS_CHANGED: (
        "Your e-mail address of Ondol was changed",
        "Hello,\n\nyour account of Ondol has another e-mail address now; no more mail comes to this one.\n"
        "If it was not you, tell an administrator at once.\n\n{place}\n",
    ),
    MailKind.APPROVED: (
        "Your account of Ondol is approved",
        "Hello,\n\nan administrator has approved your account. Sign in with the user name and the password that you chose.\n\n{place}\n",
    ),
}


def written(mail: WaitingMail, place: str) -> Mail:
    """The mail; `place` is where its reader goes on."""
    subject, text = (_EN if mail.language == "en" else _KO)[mail.kind]
    return Mail(mail.email, subject, text.format(place=place))
