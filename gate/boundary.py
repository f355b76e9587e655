"""The one boundary of errors: page, fragment and callback failures end here, in one Chinese sentence."""

import logging
import secrets

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from errors import DashboardError

_LOG = logging.getLogger(__name__)


def tell(error: Exception) -> bool:
    """Say what happened where the failing element would stand, and keep Streamlit from showing the fault itself.

    Streamlit has logged the traceback already; a fault without a sentence of its own gets a number that the log
    bears too.

    Returns
    -------
    bool
        True: nothing more is shown.
    """
    if isinstance(error, DashboardError):
        sentence = str(error)
    else:
        number = secrets.token_hex(3).upper()
        _LOG.error("fault %s: %s", number, type(error).__name__)
        cause = "数据库暂时无法访问" if isinstance(error, SQLAlchemyError) else "这里出了问题，已记入日志"
        sentence = f"{cause}，请稍后重试；如仍有问题，请把编号 {number} 告诉管理员。"
    st.error(sentence, icon=":material/error:")
    return True
